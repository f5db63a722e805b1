"""What dealer A tries in order to read rows of dealer B, of the small publication.

Each is a script of statements divided by semicolons, run by a login of A; nothing that it answers,
errors and notices included, may hold anything of B.
"""

from __future__ import annotations

_B = "where dealer_id = 'B'"
ATTEMPTS = {
    "direct": f"select * from marts.mart_score {_B}",
    "without a condition": "select * from marts.mart_score where dealer_id <> 'A'",
    "join": "select s.* from marts.mart_market as m left join marts.mart_score as s "
    "on s.dealer_id <> 'A'",
    "self join": "select b.* from marts.mart_score as a, marts.mart_score as b "
    "where a.dealer_id <> b.dealer_id",
    "subquery": "select (select string_agg(score::text, ',') from marts.mart_score "
    "where dealer_id <> 'A')",
    "lateral": "select l.* from marts.mart_market, lateral (select * from marts.mart_score "
    "where dealer_id <> 'A') as l",
    "union": "select dealer_id from marts.mart_status where dealer_id <> 'A' "
    "union all select note from marts.fct_text where dealer_id <> 'A'",
    "window": "select lead(score) over (order by dealer_id) from marts.mart_score",
    "aggregate": "select max(outstanding_eur) from marts.mart_status having max(outstanding_eur) "
    "> 4000",
    "count": "select 'B' from marts.mart_score having count(*) > 1",
    "through the key": "select * from marts.mart_correction where investment_id = 'I2'",
    "other dealer columns": "select * from marts.mart_routing where received_by_dealer_id = 'B' "
    "and responsible_party <> 'A'",
    "manufacturer only": "select * from marts.mart_conflict",
    "small groups": "select * from marts.mart_benchmark where dealer_count < 5",
    "temporary view": f"create temp view mine as select * from marts.mart_score; "
    f"select * from mine {_B}",
    "view without barrier": "create temp view open with (security_barrier = false, "
    "security_invoker = false) as select * from marts.mart_score; "
    f"select * from open {_B}",
    "temporary table": "create temp table taken as select * from marts.mart_score; "
    f"select * from taken {_B}",
    "function of his own": "create function pg_temp.peek(text, numeric) returns boolean "
    "language plpgsql cost 0.0000001 as $$ begin raise exception 'seen % %', $1, $2; "
    "return true; end $$; "
    "select * from marts.mart_score where dealer_id <> 'A' and pg_temp.peek(dealer_id, score)",
    "security definer": "create function pg_temp.all_rows() returns setof marts.mart_score "
    "language sql security definer as 'select * from marts.mart_score'; "
    f"select * from pg_temp.all_rows() {_B}",
    "copy": f"copy (select * from marts.mart_score {_B}) to stdout",
    "copy of the table": "copy marts.mart_status to stdout",
    "copy to a program": "copy marts.mart_status to program 'cat'",
    "prepared": f"prepare p as select * from marts.mart_score {_B}; execute p",
    "prepared as somebody else": f"prepare q as select * from marts.mart_score {_B}; "
    "set role partnerdw_dealer; execute q",
    "cursor": f"begin; declare c cursor for select * from marts.mart_score {_B}; fetch all c",
    "explain": "explain (analyze, verbose, timing off, costs off, summary off) "
    "select * from marts.mart_score where dealer_id <> 'A' and score < 50",
    "search path": "create temp table dealer_logins (login name, dealer_id text); "
    "insert into dealer_logins values ('reader_a', 'B'); "
    f"set search_path = pg_temp, access, marts; select * from mart_score {_B}",
    "function in front": "create function pg_temp.dealer_ids() returns setof text language sql "
    "as $$ select 'B' $$; set search_path = pg_temp, pg_catalog; "
    f"select * from marts.mart_score {_B}",
    "operator in front": "create function pg_temp.same(text, text) returns boolean language sql "
    "as 'select true'; create operator pg_temp.= (leftarg = text, rightarg = text, "
    f"function = pg_temp.same); set search_path = pg_temp, pg_catalog; "
    f"select * from marts.mart_score {_B}",
    "statistics": "select most_common_vals::text, histogram_bounds::text from pg_stats "
    "where schemaname = 'marts' and tablename = 'mart_score'",
    "raw statistics": "select stavalues1::text from pg_statistic",
    "row security off": f"set row_security = off; select * from marts.mart_score {_B}",
    "role of the manufacturer": "set role partnerdw_oem; select * from marts.mart_score",
    "role of the other": "set role reader_b; select * from marts.mart_score",
    "session of the other": "set session authorization reader_b; select * from marts.mart_score",
    "owner": "set role publisher; select * from marts.mart_score",
    "gives himself the role": "grant partnerdw_oem to reader_a",
    "list of logins": "select * from access.dealer_logins",
    "writes the list": "insert into access.dealer_logins values ('reader_a', 'B')",
    "asks the function": "select access.dealer_ids()",
    "drops the policy": "drop policy partnerdw_dealer_reads on marts.mart_score",
    "switches it off": "alter table marts.mart_score disable row level security",
    "a policy of his own": "create policy p on marts.mart_score using (true)",
    "inherits": "create temp table heir () inherits (marts.mart_score)",
    "partition of his": "create temp table part (like marts.mart_score including all); "
    "alter table marts.mart_score attach partition part default",
    "trigger": "create trigger t before insert on marts.mart_score execute function pg_temp.x()",
    "returning": f"delete from marts.mart_score {_B} returning *",
    "locks and reads": f"select * from marts.mart_score {_B} for update",
    "file of the server": "select pg_read_file('postgresql.conf')",
    "other schemas": "select * from marts_next.mart_score",
    "xml": "select query_to_xml($$ select * from marts.mart_score where dealer_id <> 'A' $$, "
    "true, true, '')",
    "sample": "select * from marts.mart_score tablesample system (100) where dealer_id <> 'A'",
    "what others run": "select query from pg_stat_activity where usename = 'reader_b'",
    "error of a cast": "select score::text::date from marts.mart_score where dealer_id <> 'A'",
    "division": "select 1 / (score - 47.11) from marts.mart_score",
    "operator with an estimator": "create function pg_temp.tell(text, text) returns boolean "
    "language plpgsql as $$ begin raise notice 'seen %', $1; return true; end $$; "
    "create operator pg_temp.<< (leftarg = text, rightarg = text, function = pg_temp.tell, "
    "restrict = eqsel); "
    "explain select * from marts.mart_score where dealer_id operator(pg_temp.<<) 'x'",
    "leakproof by his own word": "create function pg_temp.sure(text) returns boolean language "
    "plpgsql leakproof as $$ begin raise notice 'seen %', $1; return true; end $$",
    "aggregate of his own": "create function pg_temp.note(text, text) returns text language "
    "plpgsql as $$ begin raise notice 'seen %', $2; return $2; end $$; "
    "create aggregate pg_temp.all_of(text) "
    "(sfunc = pg_temp.note, stype = text); "
    "select pg_temp.all_of(dealer_id) from marts.mart_score where dealer_id <> 'A'",
    "block": "do $$ declare r record; begin for r in select * from marts.mart_score loop "
    "raise notice 'seen %', r; end loop; end $$",
    "swallowed errors": "do $$ begin perform * from marts.mart_conflict; raise notice 'R1'; "
    "exception when others then raise notice 'refused'; end $$",
    "whole rows": "select json_agg(s) from marts.mart_score as s where s.dealer_id <> 'A'",
    "system columns": "select ctid, xmin, s from marts.mart_score as s where s.dealer_id <> 'A'",
    "merge": "merge into marts.mart_score as s using marts.mart_market as m on true "
    "when matched then delete",
    "update of what he reads": "update marts.mart_score set dealer_id = 'A' returning *",
    "rows into it": "copy marts.mart_score (dealer_id) from stdin",
    "materialised view": "create materialized view taken as select * from marts.mart_score",
    "view in the schema": "create view marts.open as select * from marts.mart_score",
    "recursion": "with recursive r as (select * from marts.mart_score union "
    "select s.* from marts.mart_score as s inner join r on r.dealer_id <> s.dealer_id) "
    "select * from r where dealer_id <> 'A'",
    "whole schema as xml": "select schema_to_xml('marts', true, false, '')",
    "cursor as xml": "begin; declare x cursor for select * from marts.mart_status; "
    "select cursor_to_xml('x', 10, true, false, ''); rollback",
    "statistics of text search": "select * from ts_stat($$ select to_tsvector('simple', note) from "
    "marts.fct_text where dealer_id <> 'A' $$)",
    "large object": "select lo_import('PG_VERSION')",
    "large object of rows": "select convert_from(lo_get(lo_from_bytea(0, (select "
    "string_agg(score::text, ',') from marts.mart_score where dealer_id <> 'A')::bytea)), 'UTF8')",
    "foreign server": "create extension postgres_fdw",
    "link to himself": "create extension dblink",
    "untrusted language": "create function pg_temp.c() returns int language c as 'libc', 'getpid'",
    "setting of the role": "select set_config('role', 'partnerdw_oem', false); "
    "select * from marts.mart_score",
    "setting of the session": "select set_config('session_authorization', 'reader_b', false); "
    "select * from marts.mart_score",
    "name of the session": "set application_name = 'reader_b'; create temp table session_user_ as "
    f"select 'reader_b'::name as session_user; select * from marts.mart_score {_B}",
    "what was his before": "reset session authorization; reset role; "
    f"select * from marts.mart_score {_B}",
    "new owner": "alter table marts.mart_score owner to reader_a",
    "takes what is owned": "reassign owned by publisher to reader_a",
    "grants of the future": "alter default privileges for role publisher grant select on tables "
    "to reader_a",
    "rights of the role": "alter role reader_a bypassrls",
    "a role of his own": "create role thief in role partnerdw_oem",
    "function of the list": "create or replace function access.dealer_ids() returns setof text "
    "language sql as $$ select 'B' $$",
    "rule": "create rule r as on select to marts.mart_score do instead select 'B'",
    "statement of the plan": "create extension pg_stat_statements",
    "rows of the inner table": "select * from pg_toast.pg_toast_1262",
    "files of the table": "select pg_read_binary_file(pg_relation_filepath('marts.mart_score'))",
    "pages of the table": "create extension pageinspect",
    "log of changes": "select pg_create_logical_replication_slot('x', 'test_decoding')",
    "publication": "create publication p for table marts.mart_score",
    "event trigger": "create event trigger e on ddl_command_end execute function pg_temp.x()",
}
OF_B = ("'B'", "47.11", "4711", "I2", "old of B", "secret of B", "C3", "C4", "SMALL", "R1")
"""What only B's rows, or the manufacturer's, hold."""
