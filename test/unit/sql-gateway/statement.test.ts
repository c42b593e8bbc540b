import { describe, expect, test } from 'vitest'
import { parseStatement } from '../../../crawler/sql-gateway/statement.ts'

const reading = (sql: string) => parseStatement(sql, { readOnly: true })
const writing = (sql: string) => parseStatement(sql, { readOnly: false })

describe('parseStatement: what reads passes', () => {
  test.each([
    'SELECT 1',
    'select 1;',
    '  select 1 ; ; ',
    '(select 1) union all (select 2)',
    '((select 1))',
    '/* why */ select 1 -- because',
    '# first\nselect 1',
    '--\nselect 1',
    'select 1--1',
    'with recursive t as (select 1 n union all select n + 1 from t where n < 3) select n from t',
    'show tables',
    'SHOW CREATE TABLE `block`',
    'show full columns from `user`',
    'explain select * from block',
    'describe block',
    'DESC block',
    "select 'INSERT INTO t; DROP TABLE t -- /*! */ sleep(1)'",
    "select \"a;b\", 'it''s', '\\'; delete from t'",
    'select `update`, t.update, t . delete, `a``b` from t where `into` = 1',
    "select replace(a, 'x', 'y'), insert('abc', 1, 1, 'z') from t",
    'select sleep, get_lock from t',
    'select last_update, updated_at, lock_until, for_update from t',
    "select @@version, 1.5e3, 0x1f, x'41', .5, 1e+5",
    "select _utf8mb4 'ü€😀' as `naïve`",
    'select count(*) from t where a in (1, 2, 3) order by b desc limit 10 offset 20',
    'select row_number() over (partition by a order by b) from t',
  ])('%s', (sql) => {
    expect(reading(sql)).toBe('read')
  })
})

describe('parseStatement: what does not read is refused', () => {
  test.each([
    ['insert into t values (1)', 'INSERT'],
    ['  \n/* select */ insert into t values (1)', 'INSERT'],
    ['-- select\ninsert into t values (1)', 'INSERT'],
    ['(delete from t)', 'DELETE'],
    ['UPDATE t SET a = 1', 'UPDATE'],
    ['replace into t values (1)', 'REPLACE'],
    ['drop table t', 'DROP'],
    ['truncate t', 'TRUNCATE'],
    ['call p()', 'CALL'],
    ['do sleep(1)', 'DO'],
    ['handler t open', 'HANDLER'],
    ['set @a = 1', 'SET'],
    ['set global max_connections = 1', 'SET'],
    ['set session transaction read write', 'SET'],
    ['set statement max_statement_time = 1 for select 1', 'SET'],
    ['use mysql', 'USE'],
    ['kill 1', 'KILL'],
    ['load data infile "/etc/passwd" into table t', 'LOAD'],
    ['prepare s from "delete from t"', 'PREPARE'],
    ['execute immediate "delete from t"', 'EXECUTE'],
    ['lock tables t write', 'LOCK'],
    ['flush tables', 'FLUSH'],
    ['grant all on *.* to u', 'GRANT'],
    ['analyze update t set a = 1', 'ANALYZE'],
    ['analyze table t', 'ANALYZE'],
    ['begin not atomic delete from t; end', 'more than one'],
    ['begin not atomic select 1', 'BEGIN'],
    ['start transaction read write', 'START'],
    ['commit and chain', 'COMMIT'],
    ['rollback release', 'ROLLBACK'],
    ['select 1; delete from t', 'more than one'],
    ['select 1;;select 2', 'more than one'],
    ['with x as (select 1) delete from t', 'DELETE'],
    ['with x as (select 1) update t set a = 1', 'UPDATE'],
    ['with x as (select 1) insert into t select * from x', 'INSERT'],
    ['explain update t set a = 1', 'UPDATE'],
    ['explain analyze delete from t', 'DELETE'],
    ['explain replace into t values (1)', 'REPLACE'],
    ["select * from t into outfile '/tmp/x'", 'INTO'],
    ["select * into dumpfile '/tmp/x' from t", 'INTO'],
    ["(select * from t) into/**/outfile '/tmp/x'", 'INTO'],
    ["select 1.into outfile '/tmp/x'", 'INTO'],
    ["select 1.5into outfile '/tmp/x'", 'INTO'],
    ["select 1e5into outfile '/tmp/x'", 'INTO'],
    ["select x'41'into outfile '/tmp/x'", 'INTO'],
    ['select a into @a from t', 'INTO'],
    ['select @a := 1', ':='],
    ['select @a:=1', ':='],
    ['select * from t for update', 'UPDATE'],
    ['select * from t FOR/* */UPDATE', 'UPDATE'],
    ['select * from t for update skip locked', 'UPDATE'],
    ['select * from t lock in share mode', 'LOCK'],
    ['select * from t for share', 'FOR SHARE'],
    ['select next value for s', 'NEXT VALUE'],
    ['select nextval(s)', 'NEXTVAL'],
    ['select sleep(10)', 'SLEEP'],
    ['select SlEeP  (10)', 'SLEEP'],
    ['select sleep/**/(10)', 'SLEEP'],
    ['select `sleep`(10)', 'SLEEP'],
    ['select sleep\n-- x\n(10)', 'SLEEP'],
    ['select * from t where a = (select benchmark(1e9, sha2(1, 256)))', 'BENCHMARK'],
    ["select get_lock('a', 10)", 'GET_LOCK'],
    ["select load_file('/etc/passwd')", 'LOAD_FILE'],
    ['show tables where sleep(1)', 'SLEEP'],
    ['show grants', 'GRANTS'],
    ['show create user', 'USER'],
    ['show full processlist', 'PROCESSLIST'],
    ['select 1 /*! into outfile "/tmp/x" */', 'executed'],
    ['select 1 /*!50000 , sleep(9) */', 'executed'],
    ['select 1 /*M!100000 , sleep(9) */', 'executed'],
    ['/*!delete from t*/', 'executed'],
    ['select 1 /* open', 'comment is not closed'],
    ["select 'open", 'quote is not closed'],
    ["select 'open\\'", 'quote is not closed'],
    ['select `open', 'quote is not closed'],
    ['select \\Ninto outfile "/tmp/x"', 'backslash'],
    ['select 1\0; delete from t', 'control character'],
    ['values (1)', 'VALUES'],
    ['table t', 'TABLE'],
    ['', 'does not begin'],
    ['-- nothing', 'does not begin'],
    [';', 'does not begin'],
    ["'select 1'", 'does not begin'],
  ])('%s', (sql, reason) => {
    expect(() => reading(sql)).toThrow(reason)
  })

  test('a refusal names no value', () => {
    expect(() => reading("hunter2secretpassword('x')")).toThrow('it begins with something else')
    expect(() => reading("insert into t values ('hunter2')")).not.toThrow('hunter2')
  })
})

describe('parseStatement: transactions', () => {
  test.each([
    ['BEGIN', 'begin'],
    ['begin work;', 'begin'],
    ['START TRANSACTION', 'begin'],
    ['start transaction with consistent snapshot, read only', 'begin'],
    ['commit', 'commit'],
    ['COMMIT WORK', 'commit'],
    ['rollback', 'rollback'],
    ['savepoint sp1', 'savepoint'],
    ['release savepoint sp1', 'savepoint'],
    ['rollback to savepoint sp1', 'savepoint'],
    ['rollback work to `sp1`', 'savepoint'],
    ['SET TRANSACTION READ ONLY', 'settled'],
    ['set session transaction read only', 'settled'],
  ])('%s', (sql, kind) => {
    expect(reading(sql)).toBe(kind)
  })
})

describe('parseStatement: readOnly false', () => {
  test.each([
    ['insert into t values (1)', 'write'],
    ['select * from t for update', 'write'],
    ['with x as (select 1) delete from t', 'write'],
    ['create table t (a int)', 'define'],
    ['drop table t', 'define'],
    ['select 1', 'read'],
  ])('%s', (sql, kind) => {
    expect(writing(sql)).toBe(kind)
  })

  test.each([
    'select sleep(1)',
    'set @a = 1',
    'use mysql',
    'grant all on *.* to u',
    'insert into t values (1); select 1',
  ])('still refused: %s', (sql) => {
    expect(() => writing(sql)).toThrow('refuses')
  })
})
