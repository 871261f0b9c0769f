using System.Runtime.InteropServices;

namespace VfsBlock.Bench;

/// <summary>
/// SQLite as a file store: a table from path to content, with the settings that suit it best and promise as much as a volume does. Statements are prepared once, the file belongs
/// to this process alone (no lock or shared memory for each transaction, as with a volume), it is read through a map, and there is as much cache. WAL: with synchronous=NORMAL a power cut loses
/// the last transactions and tears none, which is what a volume promises until it is synced; with FULL each commit is a flush. Checkpoints as often, by log bytes, as a volume makes them.
/// </summary>
/// <remarks>
/// A transaction of its own for each operation also outlives a crash of the process, for which SQLite calls write(2) each time; a volume does not promise that before a sync. With
/// many operations a transaction both promise the same. The table has names and no attributes, where a volume has inodes.
/// </remarks>
internal sealed unsafe class SqliteNamespace : INamespace
{
    private readonly nint _database;
    private readonly nint _create;
    private readonly nint _lookup;
    private readonly nint _rename;
    private readonly nint _unlink;
    private readonly nint _list;
    private readonly nint _write;
    private readonly int _operationsPerTransaction;
    private int _operationCount;

    /// <summary>Makes a database.</summary>
    /// <param name="path">The file.</param>
    /// <param name="synchronous">NORMAL, or FULL to flush with each commit.</param>
    /// <param name="operationsPerTransaction">How many changes are one transaction.</param>
    public SqliteNamespace(string path, string synchronous = "NORMAL", int operationsPerTransaction = 1)
    {
        _operationsPerTransaction = operationsPerTransaction;
        if (SqliteLibrary.sqlite3_open_v2(path, out _database, SqliteLibrary.OpenWithoutMutex, 0) != SqliteLibrary.Ok)
        {
            throw new BenchException($"SQLite cannot open {path}");
        }

        Execute("PRAGMA page_size=4096; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=4096;");
        Execute($"PRAGMA synchronous={synchronous}; PRAGMA cache_size=-1048576; PRAGMA mmap_size=4294967296; PRAGMA temp_store=MEMORY;");
        Execute("CREATE TABLE files (path TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID;");
        _create = Prepare("INSERT INTO files VALUES (?1, zeroblob(0))");
        _lookup = Prepare("SELECT length(content) FROM files WHERE path = ?1");
        _rename = Prepare("UPDATE files SET path = ?2 WHERE path = ?1");
        _unlink = Prepare("DELETE FROM files WHERE path = ?1");
        _list = Prepare("SELECT path FROM files");
        _write = Prepare("UPDATE files SET content = ?2 WHERE path = ?1");
    }

    public string Title => _operationsPerTransaction == 1 ? $"SQLite {SqliteLibrary.Version}" : $"SQLite {SqliteLibrary.Version}, {_operationsPerTransaction} a transaction";

    /// <summary>The settings, as SQLite itself tells them.</summary>
    public string Settings => string.Join(
        ", ",
        ((string[])["journal_mode", "synchronous", "page_size", "locking_mode", "cache_size", "mmap_size", "wal_autocheckpoint"]).Select(name => $"{name} {Pragma(name)}"));

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

    /// <summary>Replaces what a file holds.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        fixed (byte* bytes = content)
        {
            SqliteLibrary.sqlite3_bind_blob(_write, 2, bytes, content.Length, 0);
            Change(_write, name, default);
        }
    }

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

    public void BeginFill()
    {
        Execute("BEGIN");
        _operationCount = int.MinValue;
    }

    public void EndFill()
    {
        Execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
        _operationCount = 0;
    }

    public void Dispose()
    {
        EndTransaction();
        foreach (nint prepared in (ReadOnlySpan<nint>)[_create, _lookup, _rename, _unlink, _list, _write])
        {
            SqliteLibrary.sqlite3_finalize(prepared);
        }

        SqliteLibrary.sqlite3_close(_database);
    }

    private void Change(nint prepared, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (_operationsPerTransaction > 1 && _operationCount == 0)
        {
            Execute("BEGIN");
        }

        if (Step(prepared, first, second) != SqliteLibrary.Done || SqliteLibrary.sqlite3_changes(_database) != 1)
        {
            throw Failure("a change");
        }

        SqliteLibrary.sqlite3_reset(prepared);
        if (_operationsPerTransaction > 1 && ++_operationCount == _operationsPerTransaction)
        {
            EndTransaction();
        }
    }

    private void EndTransaction()
    {
        if (_operationCount > 0)
        {
            Execute("COMMIT");
            _operationCount = 0;
        }
    }

    private string Pragma(string name)
    {
        nint prepared = Prepare($"PRAGMA {name}");
        string? value = SqliteLibrary.sqlite3_step(prepared) == SqliteLibrary.Row
            ? Marshal.PtrToStringUTF8((nint)SqliteLibrary.sqlite3_column_text(prepared, 0)) : null;
        SqliteLibrary.sqlite3_finalize(prepared);
        return value ?? throw Failure(name);
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
