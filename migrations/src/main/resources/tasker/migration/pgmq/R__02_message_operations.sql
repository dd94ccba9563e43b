-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Operations on one message that PGMQ does not have.
--
-- No type of PGMQ is named here: an upgrade of PGMQ may drop a type, and all that refers to it.

-- Claims one message: of several callers at the same time exactly one gets the row, also when they
-- compete with pgmq.read. The others, and everybody who asks for a message that is gone or not
-- visible, get no row and do not wait.
create or replace function tasker_pgmq.pgmq_read_specific_message(
    queue_name text, target_msg_id bigint, vt_seconds integer default 30)
  returns table (
    msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table regclass := tasker_pgmq.queue_table(queue_name);
  -- Queues made by PGMQ before 1.10 lack the column.
  has_last_read_at boolean := exists (
    select from pg_attribute a
    where a.attrelid = queue_table and a.attname = 'last_read_at' and not a.attisdropped);
begin
  if vt_seconds is null or vt_seconds < 0 then
    raise exception 'vt_seconds must be 0 or more, and is %', coalesce(vt_seconds::text, 'NULL')
      using errcode = 'invalid_parameter_value';
  end if;
  -- clock_timestamp() and not now(), which stands still at the start of the caller's transaction.
  -- Inside the string a name is a column and never a variable of this function.
  return query execute format($query$
    with claimed as (
      select m.msg_id
      from %1$s m
      where m.msg_id = $1 and m.vt <= clock_timestamp()
      for update skip locked)
    update %1$s m
    set read_ct = m.read_ct + 1,
        vt = clock_timestamp() + make_interval(secs => $2)
        %2$s
    from claimed
    where m.msg_id = claimed.msg_id
    returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers
    $query$,
    queue_table, case when has_last_read_at then ', last_read_at = clock_timestamp()' end)
  using target_msg_id, vt_seconds;
end
$$;

comment on function tasker_pgmq.pgmq_read_specific_message(text, bigint, integer) is
  'Claims one message for some seconds; no row when it is gone, not visible or claimed by another';
