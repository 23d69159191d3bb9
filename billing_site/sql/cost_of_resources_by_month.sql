-- Grain: one row a resource of %(resources)s and month of its account: quantity and unrounded cost of its time.
SELECT r.name AS resource, c.service_month AS month, sum(c.quantity) AS quantity, sum(c.amount) AS amount
  FROM metering_charge c
  JOIN metering_resource r ON r.id = c.resource_id
 WHERE r.name = ANY(%(resources)s) AND c.side = 'cost'
 GROUP BY r.name, c.service_month
