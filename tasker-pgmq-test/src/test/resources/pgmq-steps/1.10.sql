-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- From PGMQ 1.11.1 back to 1.10: no heads of groups, no topics, and batches that nobody checks.

do $$
declare
  newer regprocedure;
begin
  for newer in
    select p.oid
    from pg_catalog.pg_proc p
    where p.pronamespace = 'pgmq'::regnamespace
      and p.proname in (
        'read_grouped_head', 'update_notify_insert', 'list_notify_insert_throttles', 'bind_topic',
        'unbind_topic', 'list_topic_bindings', 'test_routing', 'send_topic', 'send_batch_topic',
        'validate_routing_key', 'validate_topic_pattern', '_send_batch', '_validate_batch_params')
  loop
    execute format('drop function %s', newer);
  end loop;
end
$$;

drop table pgmq.topic_bindings;

-- The shorter of two arrays is filled up with NULL, an empty one sends nothing.
create or replace function pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay timestamptz)
  returns setof bigint
  language plpgsql
as $$
begin
  return query execute format(
    'insert into pgmq.%I (vt, message, headers)
     select $1, sent.message, sent.headers from unnest($2, $3) as sent(message, headers)
     returning msg_id',
    pgmq.format_table_name(queue_name, 'q'))
  using delay, msgs, headers;
end
$$;
