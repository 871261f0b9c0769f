using System.Globalization;

namespace VfsBlock.Bench;

/// <summary>One figure measured several times.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of <paramref name="samples"/>, of which there is at least one.</summary>
    public static Spread Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>Median, then the range in brackets.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Median:F1} ({Min:F1}..{Max:F1})");

    /// <summary>As <see cref="ToString"/>, for figures near 1.</summary>
    public string ToPreciseString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Median:F2} ({Min:F2}..{Max:F2})");
}
