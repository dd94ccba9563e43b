-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- Notifications: hints that there is something to fetch. A notification never carries a message,
-- for what it carries would be claimed by nobody and would reach everyone.
--
-- Channels:
--   pgmq_queue_created
--   pgmq_message_ready and pgmq_message_ready.<namespace>, both for each send
--
-- A payload is one JSON object below the 8000 bytes that PostgreSQL allows. What does not fit is
-- left out; text is never cut.

-- The same instant reads the same in every session, whatever its time zone.
create or replace function tasker_pgmq.rfc3339(instant timestamptz)
  returns text
  language sql stable
return pg_catalog.to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

comment on function tasker_pgmq.rfc3339(timestamptz) is 'An instant in UTC as text, as RFC 3339 has it';

-- One message is "message_ready", several are "batch_ready", none is nothing. message_count counts
-- all of them, also those whose ids did not fit, in which case truncated is true.
create or replace function tasker_pgmq.message_ready_payload(
    queue_name text, msg_ids bigint[], delay_seconds integer)
  returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  -- Some way below 7999, the longest payload that PostgreSQL takes.
  max_bytes constant integer := 7900;
  message_count constant integer := coalesce(cardinality(msg_ids), 0);
  payload jsonb := jsonb_build_object(
    'queue_name', queue_name,
    'namespace', tasker_pgmq.extract_queue_namespace(queue_name),
    'ready_at', tasker_pgmq.rfc3339(clock_timestamp()),
    'delay_seconds', delay_seconds);
  fitting bigint[];
begin
  if message_count = 0 then
    return null;
  elsif message_count = 1 then
    return payload || jsonb_build_object('event_type', 'message_ready', 'msg_id', msg_ids[1]);
  end if;
  payload := payload || jsonb_build_object(
    'event_type', 'batch_ready', 'message_count', message_count, 'msg_ids', '[]'::jsonb, 'truncated', true);
  -- Each id takes its digits and a separator of two bytes.
  select coalesce(array_agg(id order by position), '{}') into fitting
  from (
    select id, position, sum(octet_length(id::text) + 2) over (order by position) as bytes
    from unnest(msg_ids) with ordinality as ids(id, position)) as sized
  where bytes <= max_bytes - octet_length(payload::text);
  payload := payload || jsonb_build_object('msg_ids', to_jsonb(fitting));
  return case when cardinality(fitting) < message_count then payload else payload - 'truncated' end;
end
$$;

comment on function tasker_pgmq.message_ready_payload(text, bigint[], integer) is
  'What a notification says about messages that were sent; below 8000 bytes however many they are';

-- Goes out when the transaction commits. The sender of a notification holds a lock that spans the
-- whole server while it commits, so that notifying transactions commit one after the other: whoever
-- sends much should send first and notify in a transaction of its own.
create or replace function tasker_pgmq.notify_message_ready(
    queue_name text, msg_ids bigint[], delay_seconds integer default 0)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  payload jsonb := tasker_pgmq.message_ready_payload(queue_name, msg_ids, delay_seconds);
begin
  if payload is not null then
    perform tasker_pgmq.queue_table(queue_name);
    perform pg_notify('pgmq_message_ready.' || (payload ->> 'namespace'), payload::text);
    perform pg_notify('pgmq_message_ready', payload::text);
  end if;
end
$$;

comment on function tasker_pgmq.notify_message_ready(text, bigint[], integer) is
  'Says that messages were sent, on the channel of their namespace and on that of all';

create or replace function tasker_pgmq.pgmq_send_with_notify(
    queue_name text, message jsonb, headers jsonb, delay_seconds integer)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  msg_id bigint;
begin
  perform tasker_pgmq.queue_table(queue_name);
  perform tasker_pgmq.require_seconds('delay_seconds', delay_seconds);
  select sent into strict msg_id from pgmq.send(queue_name, message, headers, delay_seconds) as sent;
  perform tasker_pgmq.notify_message_ready(queue_name, array[msg_id], delay_seconds);
  return msg_id;
end
$$;

comment on function tasker_pgmq.pgmq_send_with_notify(text, jsonb, jsonb, integer) is
  'Sends a message with headers and says so when the transaction commits; the id of the message';

create or replace function tasker_pgmq.pgmq_send_with_notify(
    queue_name text, message jsonb, delay_seconds integer default 0)
  returns bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select tasker_pgmq.pgmq_send_with_notify(queue_name, message, null, delay_seconds)
$$;

comment on function tasker_pgmq.pgmq_send_with_notify(text, jsonb, integer) is
  'Sends a message and says so when the transaction commits; the id of the message';

create or replace function tasker_pgmq.pgmq_send_batch_with_notify(
    queue_name text, messages jsonb[], headers jsonb[], delay_seconds integer)
  returns setof bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  msg_ids bigint[];
begin
  perform tasker_pgmq.queue_table(queue_name);
  perform tasker_pgmq.require_seconds('delay_seconds', delay_seconds);
  -- Some versions of PGMQ refuse an empty batch.
  if coalesce(cardinality(messages), 0) = 0 then
    return;
  end if;
  -- PGMQ 1.5.1 sends messages of nothing for headers in excess.
  if headers is not null and cardinality(headers) <> cardinality(messages) then
    raise exception 'there are % messages and % headers', cardinality(messages), cardinality(headers)
      using errcode = 'invalid_parameter_value';
  end if;
  -- PGMQ numbers the messages in the order of the array.
  select array_agg(sent order by sent) into msg_ids
  from pgmq.send_batch(queue_name, messages, headers, delay_seconds) as sent;
  perform tasker_pgmq.notify_message_ready(queue_name, msg_ids, delay_seconds);
  return query select unnest(msg_ids);
end
$$;

comment on function tasker_pgmq.pgmq_send_batch_with_notify(text, jsonb[], jsonb[], integer) is
  'Sends messages with headers and says so once when the transaction commits; ids in input order';

create or replace function tasker_pgmq.pgmq_send_batch_with_notify(
    queue_name text, messages jsonb[], delay_seconds integer default 0)
  returns setof bigint
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select tasker_pgmq.pgmq_send_batch_with_notify(queue_name, messages, null, delay_seconds)
$$;

comment on function tasker_pgmq.pgmq_send_batch_with_notify(text, jsonb[], integer) is
  'Sends messages and says so once when the transaction commits; ids in input order';

-- Takes any name: the trigger below passes on also the queues that other clients of PGMQ create, whose
-- names need not follow our rule.
create or replace function tasker_pgmq.notify_queue_created(queue_name text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_notify('pgmq_queue_created', jsonb_build_object(
    'event_type', 'queue_created',
    'queue_name', queue_name,
    'namespace', tasker_pgmq.extract_queue_namespace(queue_name),
    'created_at', tasker_pgmq.rfc3339(clock_timestamp()))::text);
end
$$;

comment on function tasker_pgmq.notify_queue_created(text) is 'Says that a queue was created';

-- With the rights of its owner: whoever may create queues need not know this schema.
create or replace function tasker_pgmq.pgmq_notify_queue_created()
  returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform tasker_pgmq.notify_queue_created(new.queue_name::text);
  return null;
end
$$;

comment on function tasker_pgmq.pgmq_notify_queue_created() is
  'Trigger on pgmq.meta: says that a queue was created';

-- The table is PGMQ's. Where it or the right to add a trigger is missing, whoever creates a queue
-- through our service says so itself.
do $$
begin
  create or replace trigger pgmq_queue_created_trigger
    after insert on pgmq.meta
    for each row execute function tasker_pgmq.pgmq_notify_queue_created();
exception when insufficient_privilege or invalid_schema_name or undefined_table then
  raise notice 'No trigger on pgmq.meta, only queues that Tasker creates are announced: %', sqlerrm;
end
$$;
