namespace VfsBlock.Fuse;

/// <summary>Splits and joins the two halves in which <see cref="FuseInitFlags"/> travel.</summary>
public static class FuseInitFlagsExtensions
{
    /// <summary>Bits 0 to 31, for the field <c>flags</c>.</summary>
    public static uint Low(this FuseInitFlags flags) => (uint)flags;

    /// <summary>Bits 32 to 63, for the field <c>flags2</c>.</summary>
    public static uint High(this FuseInitFlags flags) => (uint)((ulong)flags >> 32);

    /// <summary>What the kernel offers; the high half counts only if the low one says that it is there.</summary>
    public static FuseInitFlags Offered(this in FuseInitIn init) => Join(init.FlagsLow, init.FlagsHigh);

    /// <summary>
    /// Joins the two halves as the kernel reads them: the high one only with INIT_EXT in the low one.
    /// </summary>
    public static FuseInitFlags Join(uint low, uint high) =>
        (low & (uint)FuseInitFlags.InitExtension) == 0
            ? (FuseInitFlags)low
            : (FuseInitFlags)(((ulong)high << 32) | low);
}
