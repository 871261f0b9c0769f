namespace VfsBlock.Fuse.Tests;

/// <summary>
/// The layout of the protocol's structs, version 7.45, on one line each: our type, the kernel's name, its size, then
/// field=member@offset. The members, sizes and offsets are those in the type information (BTF) of kernel 6.18.
/// </summary>
internal static class AbiTable
{
    private const string Text = """
        FuseInHeader fuse_in_header(40) Length=len@0 Opcode=opcode@4 Unique=unique@8 NodeId=nodeid@16 Uid=uid@24
          Gid=gid@28 ProcessId=pid@32 ExtensionUnits=total_extlen@36 Padding=padding@38
        FuseOutHeader fuse_out_header(16) Length=len@0 Error=error@4 Unique=unique@8
        FuseAttr fuse_attr(88) Inode=ino@0 Size=size@8 Blocks=blocks@16 AtimeSeconds=atime@24 MtimeSeconds=mtime@32
          CtimeSeconds=ctime@40 AtimeNanoseconds=atimensec@48 MtimeNanoseconds=mtimensec@52
          CtimeNanoseconds=ctimensec@56 Mode=mode@60 LinkCount=nlink@64 Uid=uid@68 Gid=gid@72 DeviceId=rdev@76
          BlockSize=blksize@80 Flags=flags@84
        FuseEntryOut fuse_entry_out(128) NodeId=nodeid@0 Generation=generation@8 EntryValidSeconds=entry_valid@16
          AttrValidSeconds=attr_valid@24 EntryValidNanoseconds=entry_valid_nsec@32
          AttrValidNanoseconds=attr_valid_nsec@36 Attr=attr@40
        FuseAttrOut fuse_attr_out(104) AttrValidSeconds=attr_valid@0 AttrValidNanoseconds=attr_valid_nsec@8
          Padding=dummy@12 Attr=attr@16
        FuseGetAttrIn fuse_getattr_in(16) Flags=getattr_flags@0 Padding=dummy@4 FileHandle=fh@8
        FuseSetAttrIn fuse_setattr_in(88) Valid=valid@0 Padding=padding@4 FileHandle=fh@8 Size=size@16
          LockOwner=lock_owner@24 AtimeSeconds=atime@32 MtimeSeconds=mtime@40 CtimeSeconds=ctime@48
          AtimeNanoseconds=atimensec@56 MtimeNanoseconds=mtimensec@60 CtimeNanoseconds=ctimensec@64 Mode=mode@68
          Unused1=unused4@72 Uid=uid@76 Gid=gid@80 Unused2=unused5@84
        FuseStatxIn fuse_statx_in(24) GetAttrFlags=getattr_flags@0 Reserved=reserved@4 FileHandle=fh@8
          StatxFlags=sx_flags@16 StatxMask=sx_mask@20
        FuseStatxTimestamp fuse_sx_time(16) Seconds=tv_sec@0 Nanoseconds=tv_nsec@8 Padding=__reserved@12
        FuseStatx fuse_statx(256) Mask=mask@0 BlockSize=blksize@4 Attributes=attributes@8 LinkCount=nlink@16
          Uid=uid@20 Gid=gid@24 Mode=mode@28 Padding=__spare0@30 Inode=ino@32 Size=size@40 Blocks=blocks@48
          AttributesMask=attributes_mask@56 Atime=atime@64 Btime=btime@80 Ctime=ctime@96 Mtime=mtime@112
          DeviceIdMajor=rdev_major@128 DeviceIdMinor=rdev_minor@132 DeviceMajor=dev_major@136
          DeviceMinor=dev_minor@140 Spare=__spare2@144
        FuseStatxOut fuse_statx_out(288) AttrValidSeconds=attr_valid@0 AttrValidNanoseconds=attr_valid_nsec@8
          Flags=flags@12 Spare=spare@16 Stat=stat@32
        FuseForgetIn fuse_forget_in(8) LookupCount=nlookup@0
        FuseForgetOne fuse_forget_one(16) NodeId=nodeid@0 LookupCount=nlookup@8
        FuseBatchForgetIn fuse_batch_forget_in(8) Count=count@0 Padding=dummy@4
        FuseMknodIn fuse_mknod_in(16) Mode=mode@0 DeviceId=rdev@4 Umask=umask@8 Padding=padding@12
        FuseMkdirIn fuse_mkdir_in(8) Mode=mode@0 Umask=umask@4
        FuseRenameIn fuse_rename_in(8) NewDirectory=newdir@0
        FuseRename2In fuse_rename2_in(16) NewDirectory=newdir@0 Flags=flags@8 Padding=padding@12
        FuseLinkIn fuse_link_in(8) OldNodeId=oldnodeid@0
        FuseOpenIn fuse_open_in(8) Flags=flags@0 OpenFlags=open_flags@4
        FuseCreateIn fuse_create_in(16) Flags=flags@0 Mode=mode@4 Umask=umask@8 OpenFlags=open_flags@12
        FuseOpenOut fuse_open_out(16) FileHandle=fh@0 OpenFlags=open_flags@8 BackingId=backing_id@12
        FuseReleaseIn fuse_release_in(24) FileHandle=fh@0 Flags=flags@8 ReleaseFlags=release_flags@12
          LockOwner=lock_owner@16
        FuseFlushIn fuse_flush_in(24) FileHandle=fh@0 Unused=unused@8 Padding=padding@12 LockOwner=lock_owner@16
        FuseReadIn fuse_read_in(40) FileHandle=fh@0 Offset=offset@8 Size=size@16 ReadFlags=read_flags@20
          LockOwner=lock_owner@24 Flags=flags@32 Padding=padding@36
        FuseWriteIn fuse_write_in(40) FileHandle=fh@0 Offset=offset@8 Size=size@16 WriteFlags=write_flags@20
          LockOwner=lock_owner@24 Flags=flags@32 Padding=padding@36
        FuseWriteOut fuse_write_out(8) Size=size@0 Padding=padding@4
        FuseFsyncIn fuse_fsync_in(16) FileHandle=fh@0 FsyncFlags=fsync_flags@8 Padding=padding@12
        FuseAccessIn fuse_access_in(8) Mask=mask@0 Padding=padding@4
        FuseSetXattrIn fuse_setxattr_in(16) Size=size@0 Flags=flags@4 SetXattrFlags=setxattr_flags@8
          Padding=padding@12
        FuseGetXattrIn fuse_getxattr_in(8) Size=size@0 Padding=padding@4
        FuseGetXattrOut fuse_getxattr_out(8) Size=size@0 Padding=padding@4
        FuseFileLock fuse_file_lock(24) Start=start@0 End=end@8 Type=type@16 ProcessId=pid@20
        FuseLockIn fuse_lk_in(48) FileHandle=fh@0 Owner=owner@8 Lock=lk@16 LockFlags=lk_flags@40 Padding=padding@44
        FuseLockOut fuse_lk_out(24) Lock=lk@0
        FuseStatfsOut fuse_statfs_out(80) Blocks=st.blocks@0 BlocksFree=st.bfree@8 BlocksAvailable=st.bavail@16
          Files=st.files@24 FilesFree=st.ffree@32 BlockSize=st.bsize@40 NameLength=st.namelen@44
          FragmentSize=st.frsize@48 Padding=st.padding@52 Spare=st.spare@56
        FuseInitIn fuse_init_in(64) Major=major@0 Minor=minor@4 MaxReadahead=max_readahead@8 FlagsLow=flags@12
          FlagsHigh=flags2@16 Unused=unused@20
        FuseInitOut fuse_init_out(64) Major=major@0 Minor=minor@4 MaxReadahead=max_readahead@8 FlagsLow=flags@12
          MaxBackground=max_background@16 CongestionThreshold=congestion_threshold@18 MaxWrite=max_write@20
          TimeGranularity=time_gran@24 MaxPages=max_pages@28 MapAlignment=map_alignment@30 FlagsHigh=flags2@32
          MaxStackDepth=max_stack_depth@36 RequestTimeout=request_timeout@40 Unused=unused@42
        FuseInterruptIn fuse_interrupt_in(8) Unique=unique@0
        FuseBmapIn fuse_bmap_in(16) Block=block@0 BlockSize=blocksize@8 Padding=padding@12
        FuseBmapOut fuse_bmap_out(8) Block=block@0
        FuseIoctlIn fuse_ioctl_in(32) FileHandle=fh@0 Flags=flags@8 Command=cmd@12 Argument=arg@16 InSize=in_size@24
          OutSize=out_size@28
        FuseIoctlVector fuse_ioctl_iovec(16) Base=base@0 Length=len@8
        FuseIoctlOut fuse_ioctl_out(16) Result=result@0 Flags=flags@4 InVectorCount=in_iovs@8
          OutVectorCount=out_iovs@12
        FusePollIn fuse_poll_in(24) FileHandle=fh@0 PollHandle=kh@8 Flags=flags@16 Events=events@20
        FusePollOut fuse_poll_out(8) ReadyEvents=revents@0 Padding=padding@4
        FuseFallocateIn fuse_fallocate_in(32) FileHandle=fh@0 Offset=offset@8 Length=length@16 Mode=mode@24
          Padding=padding@28
        FuseLseekIn fuse_lseek_in(24) FileHandle=fh@0 Offset=offset@8 Whence=whence@16 Padding=padding@20
        FuseLseekOut fuse_lseek_out(8) Offset=offset@0
        FuseCopyFileRangeIn fuse_copy_file_range_in(56) InFileHandle=fh_in@0 InOffset=off_in@8
          OutNodeId=nodeid_out@16 OutFileHandle=fh_out@24 OutOffset=off_out@32 Length=len@40 Flags=flags@48
        FuseCopyFileRangeOut fuse_copy_file_range_out(8) BytesCopied=bytes_copied@0
        FuseSyncFsIn fuse_syncfs_in(8) Padding=padding@0
        FuseDirent fuse_dirent(24) Inode=ino@0 NextCookie=off@8 NameLength=namelen@16 Type=type@20
        FuseDirentPlus fuse_direntplus(152) Entry=entry_out@0 Dirent=dirent@128
        FuseNotifyPollWakeup fuse_notify_poll_wakeup_out(8) PollHandle=kh@0
        FuseNotifyInvalidateInode fuse_notify_inval_inode_out(24) NodeId=ino@0 Offset=off@8 Length=len@16
        FuseNotifyInvalidateEntry fuse_notify_inval_entry_out(16) ParentNodeId=parent@0 NameLength=namelen@8
          Flags=flags@12
        FuseNotifyDelete fuse_notify_delete_out(24) ParentNodeId=parent@0 ChildNodeId=child@8 NameLength=namelen@16
          Padding=padding@20
        FuseNotifyStore fuse_notify_store_out(24) NodeId=nodeid@0 Offset=offset@8 Size=size@16 Padding=padding@20
        FuseNotifyRetrieve fuse_notify_retrieve_out(32) NotifyUnique=notify_unique@0 NodeId=nodeid@8
          Offset=offset@16 Size=size@24 Padding=padding@28
        FuseNotifyRetrieveIn fuse_notify_retrieve_in(40) Unused1=dummy1@0 Offset=offset@8 Size=size@16
          Unused2=dummy2@20 Unused3=dummy3@24 Unused4=dummy4@32
        FuseNotifyPrune fuse_notify_prune_out(16) Count=count@0 Padding=padding@4 Spare=spare@8
        FuseBackingMap fuse_backing_map(16) FileDescriptor=fd@0 Flags=flags@4 Padding=padding@8
        FuseExtensionHeader fuse_ext_header(8) Size=size@0 Type=type@4
        FuseSecurityContextHeader fuse_secctx_header(8) Size=size@0 Count=nr_secctx@4
        FuseSecurityContext fuse_secctx(8) Size=size@0 Padding=padding@4
        FuseSupplementaryGroups fuse_supp_groups(4) Count=nr_groups@0
        FuseUringEntryInOut fuse_uring_ent_in_out(32) Flags=flags@0 CommitId=commit_id@8 PayloadSize=payload_sz@16
          Padding=padding@20 Reserved=reserved@24
        FuseUringRequestHeader fuse_uring_req_header(288) InOut=in_out@0 OperationIn=op_in@128
          Entry=ring_ent_in_out@256
        FuseUringCommandRequest fuse_uring_cmd_req(24) Flags=flags@0 CommitId=commit_id@8 QueueId=qid@16
          Padding=padding@18
        FuseSetupMappingIn fuse_setupmapping_in(40) FileHandle=fh@0 FileOffset=foffset@8 Length=len@16
          Flags=flags@24 WindowOffset=moffset@32
        FuseRemoveMappingIn fuse_removemapping_in(4) Count=count@0
        FuseRemoveMappingOne fuse_removemapping_one(16) WindowOffset=moffset@0 Length=len@8
        CuseInitIn cuse_init_in(16) Major=major@0 Minor=minor@4 Unused=unused@8 Flags=flags@12
        CuseInitOut cuse_init_out(72) Major=major@0 Minor=minor@4 Unused=unused@8 Flags=flags@12 MaxRead=max_read@16
          MaxWrite=max_write@20 DeviceMajor=dev_major@24 DeviceMinor=dev_minor@28 Spare=spare@32
        """;

    /// <summary>The table's rows.</summary>
    public static IReadOnlyList<AbiStruct> Structs { get; } = Parse();

    private static List<AbiStruct> Parse()
    {
        var structs = new List<AbiStruct>();
        string joined = Text.Replace("\n  ", " ", StringComparison.Ordinal);
        foreach (string line in joined.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] kernel = words[1].Split('(', ')');
            structs.Add(new AbiStruct(words[0], kernel[0], int.Parse(kernel[1]), [.. words[2..].Select(AbiField.Parse)]));
        }

        return structs;
    }
}
