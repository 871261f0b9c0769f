namespace VfsBlock.Bench;

/// <summary>Where client and server run: on a small virtual machine it decides more than anything that they do.</summary>
/// <param name="Heading">What the tables call it.</param>
/// <param name="IsClientPinned">The client stays on CPU 0.</param>
/// <param name="AreServersPinned">So do the servers, which leaves the cost of the code alone.</param>
internal sealed record Placement(string Heading, bool IsClientPinned, bool AreServersPinned)
{
    /// <summary>All of them, in an order in which no server ever has to be set free again.</summary>
    public static IReadOnlyList<Placement> All { get; } =
    [
        new("Client on CPU 0, servers as they place themselves", IsClientPinned: true, AreServersPinned: false),
        new("Nobody pinned by the bench", IsClientPinned: false, AreServersPinned: false),
        new("Client and servers on CPU 0: the code alone", IsClientPinned: true, AreServersPinned: true),
    ];
}
