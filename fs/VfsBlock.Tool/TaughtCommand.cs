using System.CommandLine;

namespace VfsBlock.Tool;

/// <summary>A command whose help says more than the line that the list of commands has of it.</summary>
internal sealed class TaughtCommand(string name, string summary, string more) : Command(name, summary)
{
    /// <summary>What its help ends with: what to know of it, and examples.</summary>
    public string More => more;
}
