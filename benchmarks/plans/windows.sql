-- What windows.yaml says, by hand. Within 30 days are the day of as_of and the 29 before it.
CREATE TYPE department AS ENUM (SELECT DISTINCT department FROM lines ORDER BY ALL);
CREATE TEMP TABLE narrow AS  -- the files are read once; types are as narrow as this data allows
SELECT customer_id::INTEGER AS customer_id, order_id::INTEGER AS order_id,
       ordered_at::DATE AS ordered_at, department::department AS department,
       quantity::TINYINT AS quantity, amount
FROM lines;
SET VARIABLE as_of = (SELECT max(ordered_at) FROM narrow);

CREATE TEMP TABLE customers AS
WITH spend AS (
    SELECT customer_id,
           round(sum(amount) * 100) AS net,
           round(sum(amount) FILTER (amount > 0) * 100) AS bought,
           min(ordered_at) FILTER (amount > 0) AS first_order_on,
           max(ordered_at) FILTER (amount > 0) AS last_order_on,
           sum(quantity) FILTER (amount > 0 AND ordered_at >= getvariable('as_of') - 29) AS units_30d,
           sum(amount) FILTER (amount > 0 AND ordered_at >= getvariable('as_of') - 89) AS spend_90d,
           sum(amount) FILTER (
               amount > 0
               AND ordered_at >= getvariable('as_of') - 364 AND ordered_at < getvariable('as_of') - 89
           ) AS spend_before,
           sum(amount) FILTER (ordered_at >= getvariable('as_of') - 364) AS net_spend_365d,
           sum(abs(quantity)) FILTER (amount < 0 AND ordered_at >= getvariable('as_of') - 89)
               AS units_returned_90d,
           bool_or(amount >= 200 AND ordered_at >= getvariable('as_of') - 89) AS big_ticket,
           bool_or(
               amount > 0 AND department = 'Food'
               AND ordered_at >= getvariable('as_of') - 364 AND ordered_at < getvariable('as_of') - 89
           ) AS food_before,
           bool_or(amount > 0 AND department = 'Food' AND ordered_at >= getvariable('as_of') - 89)
               AS food_lately
    FROM narrow GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency,
           count(*) FILTER (ordered_at >= getvariable('as_of') - 29) AS orders_30d,
           count(*) FILTER (ordered_at >= getvariable('as_of') - 89) AS orders_90d,
           count(*) FILTER (
               ordered_at >= getvariable('as_of') - 364 AND ordered_at < getvariable('as_of') - 89
           ) AS orders_before
    FROM (
        SELECT customer_id, any_value(ordered_at) AS ordered_at  -- an order has one moment
        FROM narrow WHERE amount > 0 GROUP BY customer_id, order_id
    )
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments,
           min_by(department, (-spend, department)) AS top_department
    FROM (
        SELECT customer_id, department, round(sum(amount) * 100) AS spend
        FROM narrow WHERE amount > 0 GROUP BY customer_id, department
    )
    GROUP BY customer_id
)
SELECT customer_id,
       getvariable('as_of') - last_order_on AS recency_days,
       frequency,
       net / 100 AS monetary,
       net / 100 / frequency AS average_order_value,
       getvariable('as_of') - first_order_on AS longevity_days,
       departments,
       top_department,
       (bought - net) / bought AS return_share,
       orders_90d,
       orders_before,
       coalesce(units_30d, 0) AS units_30d,
       round(coalesce(spend_90d, 0), 2) AS spend_90d,
       round(coalesce(spend_before, 0), 2) AS spend_before,
       round(coalesce(net_spend_365d, 0), 2) AS net_spend_365d,
       coalesce(units_returned_90d, 0) AS units_returned_90d,
       orders_30d AS count_purchase_30d,
       orders_90d > 0 AS did_purchase_90d,
       big_ticket AS did_purchase_amount_200_90d,
       food_before AS did_purchase_department_food_365d_to_90d_ago,
       food_lately AS did_purchase_department_food_90d
FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id);

CREATE TEMP TABLE described AS
SELECT *,
       orders_90d >= 2 AND orders_before <= 1 AS rising,
       orders_90d = 0 AND orders_before >= 3 AS cooling,
       count_purchase_30d >= 2 AND units_30d >= 10 AS twice_this_month,
       did_purchase_department_food_365d_to_90d_ago
           AND NOT did_purchase_department_food_90d AS food_no_more,
       did_purchase_amount_200_90d AND spend_90d >= 300 AS big_ticket_lately,
       units_returned_90d >= 2 AND net_spend_365d <= 500 AS sends_back
FROM customers;

COPY described TO 'customers.parquet' (COMPRESSION zstd);
COPY (
    SELECT customer_id, orders_90d, orders_before, spend_90d, spend_before FROM described WHERE rising
) TO 'personas/rising.csv' (HEADER);
COPY (SELECT customer_id, did_purchase_90d, orders_before FROM described WHERE cooling)
    TO 'personas/cooling.csv' (HEADER);
COPY (SELECT customer_id, count_purchase_30d, units_30d FROM described WHERE twice_this_month)
    TO 'personas/twice_this_month.csv' (HEADER);
COPY (
    SELECT customer_id, did_purchase_department_food_365d_to_90d_ago, did_purchase_department_food_90d
    FROM described WHERE food_no_more
) TO 'personas/food_no_more.csv' (HEADER);
COPY (
    SELECT customer_id, did_purchase_amount_200_90d, spend_90d FROM described WHERE big_ticket_lately
) TO 'personas/big_ticket_lately.csv' (HEADER);
COPY (SELECT customer_id, units_returned_90d, net_spend_365d FROM described WHERE sends_back)
    TO 'personas/sends_back.csv' (HEADER);
