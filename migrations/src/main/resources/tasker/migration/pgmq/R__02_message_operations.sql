-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Operations on messages that PGMQ does not have, or not in this form.
--
-- No type of PGMQ is named here: an upgrade of PGMQ may drop a type, and all that refers to it.

-- Queues made by PGMQ before 1.10 lack the column last_read_at.
create or replace function tasker_pgmq.has_last_read_at(queue_table regclass)
  returns boolean
  language sql stable
return exists (
  select from pg_catalog.pg_attribute a
  where a.attrelid = queue_table and a.attname = 'last_read_at' and not a.attisdropped);

comment on function tasker_pgmq.has_last_read_at(regclass) is
  'Whether the table of a queue records the time of the last read';

create or replace function tasker_pgmq.require_seconds(name text, seconds integer)
  returns void
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if seconds is null or seconds < 0 then
    raise exception '% must be 0 or more, and is %', name, coalesce(seconds::text, 'NULL')
      using errcode = 'invalid_parameter_value';
  end if;
end
$$;

comment on function tasker_pgmq.require_seconds(text, integer) is
  'Raises 22023 when a number of seconds is negative or missing';

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
begin
  perform tasker_pgmq.require_seconds('vt_seconds', vt_seconds);
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
    queue_table,
    case when tasker_pgmq.has_last_read_at(queue_table) then ', last_read_at = clock_timestamp()' end)
  using target_msg_id, vt_seconds;
end
$$;

comment on function tasker_pgmq.pgmq_read_specific_message(text, bigint, integer) is
  'Claims one message for some seconds; no row when it is gone, not visible or claimed by another';

create or replace function tasker_pgmq.pgmq_delete_specific_message(queue_name text, target_msg_id bigint)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table regclass := tasker_pgmq.queue_table(queue_name);
  deleted integer;
begin
  execute format('delete from %s where msg_id = $1', queue_table) using target_msg_id;
  get diagnostics deleted = row_count;
  return deleted > 0;
end
$$;

comment on function tasker_pgmq.pgmq_delete_specific_message(text, bigint) is
  'Deletes one message, whoever holds it; true when it was there';

-- From now on and not from the end of its present timeout, as pgmq.set_vt does: whoever extends a
-- lease twice in a hurry does not get twice the time.
create or replace function tasker_pgmq.pgmq_extend_vt_specific_message(
    queue_name text, target_msg_id bigint, additional_vt_seconds integer default 30)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table regclass := tasker_pgmq.queue_table(queue_name);
  extended integer;
begin
  perform tasker_pgmq.require_seconds('additional_vt_seconds', additional_vt_seconds);
  execute format(
    'update %s set vt = clock_timestamp() + make_interval(secs => $2) where msg_id = $1', queue_table)
  using target_msg_id, additional_vt_seconds;
  get diagnostics extended = row_count;
  return extended > 0;
end
$$;

comment on function tasker_pgmq.pgmq_extend_vt_specific_message(text, bigint, integer) is
  'Hides one message for some seconds from now on; true when it was there';

-- As pgmq.read, but through the index on vt. pgmq.read walks a queue by id past every message that
-- is not visible, because its condition on the time is volatile; a million delayed messages cost it
-- 150 ms a call. Here the time is a parameter, so the index finds what is due. The price: of many
-- due messages those come first that have been due for longest, not those with the lowest ids.
create or replace function tasker_pgmq.read_due(queue_name text, vt_seconds integer, qty integer)
  returns table (
    msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table regclass := tasker_pgmq.queue_table(queue_name);
begin
  perform tasker_pgmq.require_seconds('vt_seconds', vt_seconds);
  if qty is null or qty < 0 then
    raise exception 'qty must be 0 or more, and is %', coalesce(qty::text, 'NULL')
      using errcode = 'invalid_parameter_value';
  end if;
  return query execute format($query$
    with due as (
      select m.msg_id
      from %1$s m
      where m.vt <= $1
      order by m.vt
      limit $3
      for update skip locked),
    claimed as (
      update %1$s m
      set read_ct = m.read_ct + 1,
          vt = clock_timestamp() + make_interval(secs => $2)
          %2$s
      from due
      where m.msg_id = due.msg_id
      returning m.msg_id, m.read_ct, m.enqueued_at, m.vt, m.message, m.headers)
    select * from claimed order by msg_id
    $query$,
    queue_table,
    case when tasker_pgmq.has_last_read_at(queue_table) then ', last_read_at = clock_timestamp()' end)
  using clock_timestamp(), vt_seconds, qty;
end
$$;

comment on function tasker_pgmq.read_due(text, integer, integer) is
  'Claims up to qty due messages for some seconds, in the order of their ids; skips what others claim';

-- For tables that versions of PGMQ before 1.5.0 made. A plain function and no event trigger: that
-- would need a superuser and would run at every CREATE TABLE of the database.
create or replace function tasker_pgmq.pgmq_ensure_headers_column(queue_name text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table regclass := tasker_pgmq.queue_table(queue_name);
  altered boolean := false;
  candidate regclass;
begin
  foreach candidate in array array[queue_table, to_regclass('pgmq.a_' || queue_name)] loop
    if candidate is not null and not exists (
        select from pg_attribute a
        where a.attrelid = candidate and a.attname = 'headers' and not a.attisdropped) then
      execute format('alter table %s add column headers jsonb', candidate);
      altered := true;
    end if;
  end loop;
  return altered;
end
$$;

comment on function tasker_pgmq.pgmq_ensure_headers_column(text) is
  'Adds the column headers to a queue and its archive where it is missing; true when it was';
