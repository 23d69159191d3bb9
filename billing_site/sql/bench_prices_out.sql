-- Hand out every entry of the price books as text. Grain: one line a price. Reads only.
COPY catalogue_price TO STDOUT
