-- Clears the working tables of earlier discounts in the same transaction.
DROP TABLE IF EXISTS held_promotion, discountable, discount_share
