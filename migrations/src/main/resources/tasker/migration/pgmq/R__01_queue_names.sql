-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- What the name of a queue says: the namespace it belongs to and the table that holds it.

-- Never null, so that it can be part of the name of a channel:
--   * worker_X_queue with nothing for X is "worker"; so is worker_queue, which is X_queue.
--   * Nothing for X in any other form, no name at all, and a name of no known form are "default".
--   * The first form that fits decides: tasker_dispatch_a_queue is "a_queue".
create or replace function tasker_pgmq.extract_queue_namespace(queue_name text)
  returns text
  language sql immutable parallel safe
return case
  when starts_with(queue_name, 'orchestration') then 'orchestration'
  when queue_name ~ '^worker_.*_queue$' then
    coalesce(nullif(substring(queue_name from '^worker_(.*)_queue$'), ''), 'worker')
  else coalesce(
    substring(queue_name from '^tasker_(?:dispatch|completion)_(.+)$'),
    substring(queue_name from '^(.+)_queue$'),
    'default')
end;

comment on function tasker_pgmq.extract_queue_namespace(text) is
  'The namespace of a queue, from its name alone';

-- The rule for names is narrower than PGMQ's. Whatever it lets through is an identifier that needs
-- no quotes, is not folded to another name and is not cut off, also with the prefixes PGMQ puts
-- before it.
create or replace function tasker_pgmq.queue_table(queue_name text)
  returns regclass
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table regclass;
begin
  if queue_name is null or queue_name !~ '^[a-z_][a-z0-9_]{0,46}$' then
    raise exception 'invalid queue name %', quote_nullable(queue_name)
      using errcode = 'invalid_parameter_value',
        hint = 'A queue name has 1 to 47 characters: a-z, 0-9 and _, and does not begin with a digit.';
  end if;
  -- Only tables: q_orders_vt_idx is an index of the queue "orders" and not the queue "orders_vt_idx".
  select c.oid into queue_table
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'pgmq' and c.relname = 'q_' || queue_name and c.relkind in ('r', 'p');
  if not found then
    raise exception 'queue "%" does not exist', queue_name
      using errcode = 'undefined_table',
        detail = format('There is no table pgmq.q_%s.', queue_name);
  end if;
  return queue_table;
end
$$;

comment on function tasker_pgmq.queue_table(text) is
  'The table of a queue; raises 22023 for a bad name and 42P01 for a queue that does not exist';
