-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- From PGMQ 1.7 back to 1.5.1: no notifications, one message at a time is popped, and nobody
-- takes a lock to create a queue.

drop function pgmq.enable_notify_insert(text);
drop function pgmq.disable_notify_insert(text);
drop function pgmq.notify_queue_listeners();
drop function pgmq.pop(text, integer);

create function pgmq.pop(queue_name text)
  returns setof pgmq.message_record
  language plpgsql
as $$
begin
  return query execute format(
    'delete from pgmq.%1$I m
     where m.msg_id = (
       select msg_id from pgmq.%1$I where vt <= clock_timestamp() order by msg_id limit 1 for update skip locked)
     returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
    pgmq.format_table_name(queue_name, 'q'));
end
$$;

-- A queue that is missing was dropped, too.
create or replace function pgmq.drop_queue(queue_name text)
  returns boolean
  language plpgsql
as $$
begin
  execute format('drop table if exists pgmq.%I', pgmq.format_table_name(queue_name, 'q'));
  execute format('drop table if exists pgmq.%I', pgmq.format_table_name(queue_name, 'a'));
  delete from pgmq.meta m where m.queue_name = drop_queue.queue_name;
  return true;
end
$$;

do $$
declare
  newer record;
begin
  for newer in
    select pg_get_functiondef(p.oid) as definition
    from pg_catalog.pg_proc p
    where p.pronamespace = 'pgmq'::regnamespace and p.prosrc like '%acquire\_queue\_lock%'
  loop
    execute replace(newer.definition, 'PERFORM pgmq.acquire_queue_lock(queue_name);', '');
  end loop;
end
$$;

drop function pgmq.acquire_queue_lock(text);
