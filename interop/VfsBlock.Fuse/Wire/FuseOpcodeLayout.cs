namespace VfsBlock.Fuse;

/// <summary>The shape of an operation's messages: what a request consists of and what its reply must be.</summary>
/// <remarks>Sources: linux/fuse.h; fs/fuse/dir.c, file.c, dev.c for who sends what. Allocates nothing.</remarks>
public readonly record struct FuseOpcodeLayout
{
    // The protocol's minor versions that made structs longer.
    private const uint LongStatfs = 4;
    private const uint LongAttributes = 9;
    private const uint LongCreate = 12;

    private FuseOpcodeLayout(int argumentBytes, FuseBody body, FuseReplyShape reply, int replyBytes = 0)
    {
        ArgumentBytes = argumentBytes;
        Body = body;
        Reply = reply;
        ReplyBytes = replyBytes;
    }

    /// <summary>
    /// Bytes of the argument struct between the header and the body; 0 where the body starts at once. INIT: the
    /// least there must be, as the rest depends on the kernel.
    /// </summary>
    public int ArgumentBytes { get; }

    /// <summary>What follows the argument struct.</summary>
    public FuseBody Body { get; }

    /// <summary>Which payload a successful reply has.</summary>
    public FuseReplyShape Reply { get; }

    /// <summary>Bytes of the payload of a successful reply, if its shape is fixed.</summary>
    public int ReplyBytes { get; }

    /// <summary>True if the kernel waits for a reply; false if it refuses one.</summary>
    public bool WantsReply => Reply != FuseReplyShape.NoReply;

    /// <summary>Bytes of <see cref="FuseInitOut"/> that a kernel takes.</summary>
    /// <param name="kernelMinor">The minor version that the kernel offers.</param>
    public static int InitReplyBytes(uint kernelMinor) => kernelMinor switch
    {
        < 5 => FuseProtocol.CompatInitOutBytes,
        < 23 => FuseProtocol.Compat22InitOutBytes,
        _ => 64,
    };

    /// <summary>Finds the layout of an operation.</summary>
    /// <param name="opcode">The operation.</param>
    /// <param name="dialect">What was agreed with the kernel.</param>
    /// <param name="layout">Its layout.</param>
    /// <returns>False if the protocol has no such operation.</returns>
    public static bool TryGet(FuseOpcode opcode, FuseDialect dialect, out FuseOpcodeLayout layout)
    {
        FuseOpcodeLayout? found = OfNodeOperation(opcode, dialect) ?? OfFileOperation(opcode, dialect) ?? OfControl(opcode);
        layout = found.GetValueOrDefault();
        return found.HasValue;
    }

    // Operations on names and attributes.
    private static FuseOpcodeLayout? OfNodeOperation(FuseOpcode opcode, FuseDialect dialect) => opcode switch
    {
        FuseOpcode.Lookup => Fixed(0, FuseBody.LookupName, EntryBytes(dialect)),
        FuseOpcode.GetAttr => Fixed(dialect.Minor < LongAttributes ? 0 : 16, FuseBody.None, AttrBytes(dialect)),
        FuseOpcode.SetAttr => Fixed(88, FuseBody.None, AttrBytes(dialect)),
        FuseOpcode.Statx => Fixed(24, FuseBody.None, 288),
        FuseOpcode.Access => Fixed(8, FuseBody.None, 0),
        FuseOpcode.ReadLink => Variable(0, FuseBody.None),
        FuseOpcode.SymLink => Fixed(0, FuseBody.NameAndTarget, EntryBytes(dialect)),
        FuseOpcode.Mknod => Fixed(dialect.Minor < LongCreate ? 8 : 16, FuseBody.Name, EntryBytes(dialect)),
        FuseOpcode.Mkdir => Fixed(8, FuseBody.Name, EntryBytes(dialect)),
        FuseOpcode.Unlink => Fixed(0, FuseBody.Name, 0),
        FuseOpcode.Rmdir => Fixed(0, FuseBody.Name, 0),
        FuseOpcode.Rename => Fixed(8, FuseBody.TwoNames, 0),
        FuseOpcode.Rename2 => Fixed(16, FuseBody.TwoNames, 0),
        FuseOpcode.Link => Fixed(8, FuseBody.Name, EntryBytes(dialect)),
        FuseOpcode.Create => Fixed(dialect.Minor < LongCreate ? 8 : 16, FuseBody.Name, EntryBytes(dialect) + 16),
        FuseOpcode.TmpFile => Fixed(16, FuseBody.Placeholder, EntryBytes(dialect) + 16),
        FuseOpcode.SetXattr => Fixed(
            dialect.HasLongSetXattr ? 16 : FuseProtocol.CompatSetXattrInBytes, FuseBody.XattrNameAndValue, 0),
        FuseOpcode.GetXattr => Variable(8, FuseBody.XattrName),
        FuseOpcode.ListXattr => Variable(8, FuseBody.None),
        FuseOpcode.RemoveXattr => Fixed(0, FuseBody.XattrName, 0),
        _ => null,
    };

    // Operations on open files and directories.
    private static FuseOpcodeLayout? OfFileOperation(FuseOpcode opcode, FuseDialect dialect) => opcode switch
    {
        FuseOpcode.Open or FuseOpcode.OpenDir => Fixed(8, FuseBody.None, 16),
        FuseOpcode.Read or FuseOpcode.ReadDir or FuseOpcode.ReadDirPlus =>
            Variable(dialect.Minor < LongAttributes ? 24 : 40, FuseBody.None),
        FuseOpcode.Write => Fixed(dialect.Minor < LongAttributes ? 24 : 40, FuseBody.Data, 8),
        FuseOpcode.Flush => Fixed(24, FuseBody.None, 0),
        FuseOpcode.Release or FuseOpcode.ReleaseDir => Fixed(24, FuseBody.None, 0),
        FuseOpcode.Fsync or FuseOpcode.FsyncDir => Fixed(16, FuseBody.None, 0),
        FuseOpcode.GetLock => Fixed(48, FuseBody.None, 24),
        FuseOpcode.SetLock or FuseOpcode.SetLockWait => Fixed(48, FuseBody.None, 0),
        FuseOpcode.Bmap => Fixed(16, FuseBody.None, 8),
        FuseOpcode.Ioctl => Variable(32, FuseBody.Data),
        FuseOpcode.Poll => Fixed(24, FuseBody.None, 8),
        FuseOpcode.Fallocate => Fixed(32, FuseBody.None, 0),
        FuseOpcode.Lseek => Fixed(24, FuseBody.None, 8),
        FuseOpcode.CopyFileRange or FuseOpcode.CopyFileRange64 => Fixed(56, FuseBody.None, 8),
        FuseOpcode.SetupMapping => Fixed(40, FuseBody.None, 0),
        FuseOpcode.RemoveMapping => Fixed(4, FuseBody.MappingList, 0),
        FuseOpcode.Statfs => Fixed(0, FuseBody.None, dialect.Minor < LongStatfs ? 48 : 80),
        FuseOpcode.SyncFs => Fixed(8, FuseBody.None, 0),
        _ => null,
    };

    // Messages about the conversation itself.
    private static FuseOpcodeLayout? OfControl(FuseOpcode opcode) => opcode switch
    {
        FuseOpcode.Init => Variable(8, FuseBody.None),
        FuseOpcode.CuseInit => Variable(16, FuseBody.None),
        FuseOpcode.Destroy => Fixed(0, FuseBody.None, 0),
        FuseOpcode.Forget => Silent(8, FuseBody.None),
        FuseOpcode.BatchForget => Silent(8, FuseBody.ForgetList),
        FuseOpcode.Interrupt => Silent(8, FuseBody.None),
        FuseOpcode.NotifyReply => Silent(40, FuseBody.Data),
        _ => null,
    };

    private static int EntryBytes(FuseDialect dialect) => dialect.Minor < LongAttributes ? 120 : 128;

    private static int AttrBytes(FuseDialect dialect) => dialect.Minor < LongAttributes ? 96 : 104;

    private static FuseOpcodeLayout Fixed(int argumentBytes, FuseBody body, int replyBytes) =>
        new(argumentBytes, body, FuseReplyShape.Fixed, replyBytes);

    private static FuseOpcodeLayout Variable(int argumentBytes, FuseBody body) =>
        new(argumentBytes, body, FuseReplyShape.Variable);

    private static FuseOpcodeLayout Silent(int argumentBytes, FuseBody body) =>
        new(argumentBytes, body, FuseReplyShape.NoReply);
}
