-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- From PGMQ 1.8 back to 1.7: each insert notifies, and messages are hidden one by one.

drop function pgmq.set_vt(text, bigint[], integer);
drop function pgmq.enable_notify_insert(text, integer);
drop table pgmq.notify_insert_throttle;

create or replace function pgmq.notify_queue_listeners()
  returns trigger
  language plpgsql
as $$
begin
  perform pg_notify(format('pgmq.%s.%s', tg_table_name, tg_op), null);
  return new;
end
$$;

create or replace function pgmq.disable_notify_insert(queue_name text)
  returns void
  language plpgsql
as $$
begin
  execute format('drop trigger if exists trigger_notify_queue_insert_listeners on pgmq.%I',
    pgmq.format_table_name(queue_name, 'q'));
end
$$;

create function pgmq.enable_notify_insert(queue_name text)
  returns void
  language plpgsql
as $$
begin
  perform pgmq.disable_notify_insert(queue_name);
  execute format(
    'create constraint trigger trigger_notify_queue_insert_listeners after insert on pgmq.%I
     deferrable for each row execute function pgmq.notify_queue_listeners()',
    pgmq.format_table_name(queue_name, 'q'));
end
$$;
