namespace Tmds.Fuse;

/// <summary>A mount that could not be made or that ended by itself. The message names the mount point, the cause and what to do.</summary>
public class FuseException : Exception
{
    /// <summary>An exception without a message of its own.</summary>
    public FuseException()
    {
    }

    /// <summary>An exception that says why.</summary>
    public FuseException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that says why, and what was behind it.</summary>
    public FuseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
