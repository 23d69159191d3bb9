-- Copy prices as they were handed out into the bare table. Grain: one price a line. A second run doubles them.
COPY bench_bare_price FROM STDIN
