using System.Globalization;
using VfsBlock.Interop;

namespace VfsBlock.Tool;

/// <summary>What became of the entries of a transfer: how many there were, what was left out, and what could not be kept of the others.</summary>
/// <remarks>One thread.</remarks>
internal sealed class TransferReport
{
    private const int MostLines = 20;

    private readonly Dictionary<string, (int Count, string First)> _lost = [];
    private readonly List<string> _leftOut = [];
    private int _leftOutCount;

    /// <summary>Entries that are there now.</summary>
    public long EntryCount { get; set; }

    /// <summary>Bytes of data that were copied; holes do not count.</summary>
    public long ByteCount { get; set; }

    /// <summary>Notes that something is not carried over. It is told at the end, where no bar of progress is in the way.</summary>
    public void LeaveOut(ReadOnlySpan<byte> path, string why)
    {
        if (_leftOutCount++ < MostLines)
        {
            _leftOut.Add($"{Name(path)}: {why}");
        }
    }

    /// <inheritdoc cref="LeaveOut(ReadOnlySpan{byte}, string)"/>
    public void LeaveOut(ReadOnlySpan<byte> path, string what, Errno error) => LeaveOut(path, $"{what}: {ErrnoText.Describe(error)}");

    /// <summary>Notes that something was carried over without all of it: told once, at the end.</summary>
    /// <param name="what">What was lost, in the plural.</param>
    /// <param name="path">Whose.</param>
    /// <param name="error">Why.</param>
    public void Lose(string what, ReadOnlySpan<byte> path, Errno error)
    {
        (int count, string first) = _lost.GetValueOrDefault(what);
        _lost[what] = (count + 1, first ?? $"{Name(path)}: {ErrnoText.Describe(error)}");
    }

    /// <summary>Tells all that.</summary>
    public ExitCode Conclude()
    {
        _leftOut.ForEach(line => Complaint.Print(line, ExitCode.Partial));
        foreach ((string what, (int count, string first)) in _lost)
        {
            Complaint.Print(
                string.Create(CultureInfo.InvariantCulture, $"warning: {what} could not be kept ({count} times, first {first})"), ExitCode.Success);
        }

        if (_leftOutCount == 0)
        {
            return ExitCode.Success;
        }

        return Complaint.Print(
            string.Create(CultureInfo.InvariantCulture, $"{_leftOutCount} entries were left out; everything else was done"), ExitCode.Partial);
    }

    private static string Name(ReadOnlySpan<byte> path) => path.IsEmpty ? "." : ByteText.Show(path);
}
