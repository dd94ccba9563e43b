-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- From PGMQ 1.10 back to 1.9: messages do not know when they were read last, and are hidden for
-- some seconds only and not until some time.

drop function pgmq.set_vt(text, bigint, timestamptz);
drop function pgmq.set_vt(text, bigint[], timestamptz);

create or replace function pgmq.set_vt(queue_name text, msg_id bigint, vt integer)
  returns setof pgmq.message_record
  language plpgsql
as $$
begin
  return query execute format(
    'update pgmq.%I m set vt = clock_timestamp() + make_interval(secs => $1) where m.msg_id = $2
     returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
    pgmq.format_table_name(queue_name, 'q'))
  using vt, msg_id;
end
$$;

create or replace function pgmq.set_vt(queue_name text, msg_ids bigint[], vt integer)
  returns setof pgmq.message_record
  language plpgsql
as $$
begin
  return query execute format(
    'update pgmq.%I m set vt = clock_timestamp() + make_interval(secs => $1) where m.msg_id = any ($2)
     returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers',
    pgmq.format_table_name(queue_name, 'q'))
  using vt, msg_ids;
end
$$;

-- All other functions are what they were, but for the column.
do $$
declare
  newer record;
begin
  for newer in
    select pg_get_functiondef(p.oid) as definition
    from pg_catalog.pg_proc p
    where p.pronamespace = 'pgmq'::regnamespace and p.prosrc like '%last_read_at%'
  loop
    execute regexp_replace(newer.definition,
      'last_read_at TIMESTAMP WITH TIME ZONE,|last_read_at = clock_timestamp\(\),'
        || '|,\s*last_read_at = clock_timestamp\(\)|(m\.)?last_read_at,', '', 'g');
  end loop;
end
$$;

alter type pgmq.message_record drop attribute last_read_at;
