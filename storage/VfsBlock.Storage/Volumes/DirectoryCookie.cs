namespace VfsBlock.Storage;

/// <summary>Cookies of a listing: a name's is its place in the space of hashes, which it never leaves.</summary>
internal static class DirectoryCookie
{
    /// <summary>Behind ".".</summary>
    public const ulong Self = 1;

    /// <summary>Behind "..".</summary>
    public const ulong Parent = 2;

    private const ulong FirstName = Parent + 1;

    /// <summary>The cookie behind a name.</summary>
    public static ulong Of(ulong dentrySub) => dentrySub + FirstName;

    /// <summary>The lowest sub key behind a cookie. For any number, since a caller may have made it up: beyond the last sub key there are no names.</summary>
    public static ulong NextSub(ulong cookie) => cookie <= Parent ? 0 : Math.Min(cookie - FirstName, FileKey.MaxSub) + 1;
}
