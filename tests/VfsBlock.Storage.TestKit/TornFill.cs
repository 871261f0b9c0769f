namespace VfsBlock.Storage.TestKit;

/// <summary>What the sectors hold that a torn write did not reach.</summary>
public enum TornFill
{
    /// <summary>What was there before.</summary>
    Old,

    /// <summary>Noise: the sector was being written when the power went.</summary>
    Garbage,

    /// <summary>What was there before the last time it was overwritten: well-formed and long out of date.</summary>
    Stale,
}
