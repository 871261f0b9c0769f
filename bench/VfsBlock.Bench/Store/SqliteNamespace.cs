using System.Runtime.InteropServices;

namespace VfsBlock.Bench;

/// <summary>
/// SQLite as a file store: a table from path to content. Every operation is a transaction of its own, not flushed (WAL, synchronous=NORMAL): what a
/// volume promises too until it is synced. Checkpoints as often, by log bytes, as a volume makes them, and as much cache.
/// </summary>
internal sealed unsafe class SqliteNamespace : INamespace
{
    private readonly nint _database;
    private readonly nint _create;
    private readonly nint _lookup;
    private readonly nint _rename;
    private readonly nint _unlink;
    private readonly nint _list;

    public SqliteNamespace(string path, string synchronous = "NORMAL")
    {
        if (SqliteLibrary.sqlite3_open(path, out _database) != SqliteLibrary.Ok)
        {
            throw new BenchException($"SQLite cannot open {path}");
        }

        Execute($"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-1048576;");
        Execute("CREATE TABLE files (path TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID;");
        _create = Prepare("INSERT INTO files VALUES (?1, zeroblob(0))");
        _lookup = Prepare("SELECT length(content) FROM files WHERE path = ?1");
        _rename = Prepare("UPDATE files SET path = ?2 WHERE path = ?1");
        _unlink = Prepare("DELETE FROM files WHERE path = ?1");
        _list = Prepare("SELECT path FROM files");
    }

    public string Title => $"SQLite {SqliteLibrary.Version}";

    public void Create(ReadOnlySpan<byte> name) => Change(_create, name, default);

    public void Lookup(ReadOnlySpan<byte> name)
    {
        if (Step(_lookup, name, default) != SqliteLibrary.Row || SqliteLibrary.sqlite3_column_int(_lookup, 0) != 0)
        {
            throw Failure("SELECT");
        }

        SqliteLibrary.sqlite3_reset(_lookup);
    }

    public void Rename(ReadOnlySpan<byte> oldName, ReadOnlySpan<byte> newName) => Change(_rename, oldName, newName);

    public void Unlink(ReadOnlySpan<byte> name) => Change(_unlink, name, default);

    public long List()
    {
        long count = 0;
        while (SqliteLibrary.sqlite3_step(_list) == SqliteLibrary.Row)
        {
            count += *SqliteLibrary.sqlite3_column_text(_list, 0) != 0 ? 1 : 0;
        }

        SqliteLibrary.sqlite3_reset(_list);
        return count;
    }

    public void BeginFill() => Execute("BEGIN");

    public void EndFill() => Execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");

    public void Dispose()
    {
        foreach (nint prepared in (ReadOnlySpan<nint>)[_create, _lookup, _rename, _unlink, _list])
        {
            SqliteLibrary.sqlite3_finalize(prepared);
        }

        SqliteLibrary.sqlite3_close(_database);
    }

    private void Change(nint prepared, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (Step(prepared, first, second) != SqliteLibrary.Done || SqliteLibrary.sqlite3_changes(_database) != 1)
        {
            throw Failure("a change");
        }

        SqliteLibrary.sqlite3_reset(prepared);
    }

    private static int Step(nint prepared, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* one = first, two = second)
        {
            SqliteLibrary.sqlite3_bind_text(prepared, 1, one, first.Length, 0);
            if (!second.IsEmpty)
            {
                SqliteLibrary.sqlite3_bind_text(prepared, 2, two, second.Length, 0);
            }

            return SqliteLibrary.sqlite3_step(prepared);
        }
    }

    private nint Prepare(string statement) =>
        SqliteLibrary.sqlite3_prepare_v2(_database, statement, -1, out nint prepared, 0) == SqliteLibrary.Ok ? prepared : throw Failure(statement);

    private void Execute(string statements)
    {
        if (SqliteLibrary.sqlite3_exec(_database, statements, 0, 0, 0) != SqliteLibrary.Ok)
        {
            throw Failure(statements);
        }
    }

    private BenchException Failure(string what) =>
        new($"SQLite: {what}: {Marshal.PtrToStringUTF8((nint)SqliteLibrary.sqlite3_errmsg(_database))}");
}
