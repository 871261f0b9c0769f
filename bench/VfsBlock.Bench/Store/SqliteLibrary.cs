using System.Runtime.InteropServices;

namespace VfsBlock.Bench;

/// <summary>The few calls of SQLite's C interface that a file store needs (sqlite.org/c3ref). Debian: libsqlite3-0.</summary>
/// <remarks>The results of those declared void tell nothing that the step before or after them does not.</remarks>
internal static unsafe partial class SqliteLibrary
{
    public const int Ok = 0;
    public const int Row = 100;
    public const int Done = 101;

    /// <summary>Open for reading and writing, make the file, and take no mutex: SQLITE_OPEN_READWRITE, _CREATE and _NOMUTEX. One thread at a time uses it.</summary>
    public const int OpenWithoutMutex = 0x2 | 0x4 | 0x8000;

    private const string Name = "libsqlite3.so.0";

    /// <summary>Whether the library is installed.</summary>
    public static bool IsThere
    {
        get
        {
            bool isThere = NativeLibrary.TryLoad(Name, out nint handle);
            if (isThere)
            {
                NativeLibrary.Free(handle);
            }

            return isThere;
        }
    }

    public static string Version => Marshal.PtrToStringUTF8((nint)sqlite3_libversion())!;

    [LibraryImport(Name)]
    public static partial byte* sqlite3_libversion();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_open_v2(string path, out nint database, int flags, nint vfs);

    [LibraryImport(Name)]
    public static partial void sqlite3_close(nint database);

    [LibraryImport(Name)]
    public static partial byte* sqlite3_errmsg(nint database);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_exec(nint database, string statements, nint callback, nint argument, nint message);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_prepare_v2(nint database, string statement, int lengthBytes, out nint prepared, nint tail);

    [LibraryImport(Name)]
    public static partial void sqlite3_bind_text(nint prepared, int index, byte* text, int lengthBytes, nint destructor);

    [LibraryImport(Name)]
    public static partial void sqlite3_bind_blob(nint prepared, int index, byte* bytes, int lengthBytes, nint destructor);

    [LibraryImport(Name)]
    public static partial int sqlite3_step(nint prepared);

    [LibraryImport(Name)]
    public static partial void sqlite3_reset(nint prepared);

    [LibraryImport(Name)]
    public static partial void sqlite3_finalize(nint prepared);

    [LibraryImport(Name)]
    public static partial int sqlite3_changes(nint database);

    [LibraryImport(Name)]
    public static partial int sqlite3_column_int(nint prepared, int column);

    [LibraryImport(Name)]
    public static partial byte* sqlite3_column_text(nint prepared, int column);
}
