-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- What the shop itself keeps, beside the tables of Tasker in the same database.

create schema shop;

create table shop.orders (
  order_id uuid primary key,
  customer text not null,
  sku text not null,
  quantity integer not null);

comment on column shop.orders.order_id is 'The UUID of the task that fulfils the order';

-- The key does not keep a step from taking effect twice: that this does not happen is for tests to see.
create table shop.effects (
  step_uuid uuid,
  attempt integer,
  order_id uuid not null references shop.orders,
  step text not null,
  worker_uuid uuid not null,
  primary key (step_uuid, attempt));

comment on table shop.effects is 'What steps have done: here a row, elsewhere a charged card or a parcel';
