using Xunit;

namespace VfsBlock.TestKit;

/// <summary>A test that compiles against the system's headers: skipped, with the reason, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HeadersFactAttribute : FactAttribute
{
    /// <summary>Skips unless gcc compiles a program that includes all of <paramref name="includes"/>.</summary>
    public HeadersFactAttribute(params string[] includes)
    {
        Includes = includes;
        if (SystemHeaders.Problem(includes) is { } problem)
        {
            Skip = problem;
        }
    }

    /// <summary>The headers asked for, as they stand between the angle brackets.</summary>
    public IReadOnlyList<string> Includes { get; }
}
