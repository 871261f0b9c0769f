namespace VfsBlock.Mounted.Tests;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds VfsBlock.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "VfsBlock.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"no VfsBlock.sln above {AppContext.BaseDirectory}");
    }
}
