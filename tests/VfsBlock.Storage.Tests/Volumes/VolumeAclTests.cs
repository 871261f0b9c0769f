using System.Buffers.Binary;
using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests.Volumes;

/// <summary>Access control lists by the rules of acl(5).</summary>
public sealed class VolumeAclTests : IDisposable
{
    private const string AccessName = "system.posix_acl_access";
    private const string DefaultName = "system.posix_acl_default";
    private const uint Nobody = uint.MaxValue;

    // rwx for the owner, r-x for user 5, r-x for the group, r-x as mask, nothing for others.
    private static readonly byte[] _extended = Acl((0x01, 7, Nobody), (0x02, 7, 5), (0x04, 5, Nobody), (0x10, 5, Nobody), (0x20, 0, Nobody));
    private static readonly byte[] _plain = Acl((0x01, 6, Nobody), (0x04, 4, Nobody), (0x20, 4, Nobody));

    private readonly VolumeFixture _fixture = new();
    private readonly InodeNumber _file;
    private readonly InodeNumber _directory;

    public VolumeAclTests()
    {
        _file = _fixture.Create("file");
        _directory = _fixture.MakeDirectory("directory");
    }

    private Volume Volume => _fixture.Volume;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void SetXattr_AccessList_SetsThePermissions()
    {
        Assert.Equal(Errno.None, Set(_file, AccessName, _extended));
        Assert.Equal(0x81E8U, _fixture.Attributes(_file).Mode);
        Assert.Equal(_extended, Get(_file, AccessName));
    }

    [Fact]
    public void SetXattr_ListThatSaysNoMoreThanAMode_IsNotKept()
    {
        Assert.Equal(Errno.None, Set(_file, AccessName, _extended));
        Assert.Equal(Errno.None, Set(_file, AccessName, _plain));
        Assert.Equal(0x81A4U, _fixture.Attributes(_file).Mode);
        Assert.Null(Get(_file, AccessName));
        Assert.Equal(Errno.None, Set(_file, AccessName, _plain));
    }

    [Fact]
    public void SetAttributes_Mode_ChangesOwnerMaskAndOthersInTheList()
    {
        Assert.Equal(Errno.None, Set(_file, AccessName, _extended));
        Chmod(_file, 0x1F4 | 0x800);
        Assert.Equal(0x89F4U, _fixture.Attributes(_file).Mode);
        Assert.Equal(Acl((0x01, 7, Nobody), (0x02, 7, 5), (0x04, 5, Nobody), (0x10, 6, Nobody), (0x20, 4, Nobody)), Get(_file, AccessName));
        Assert.Equal(Errno.None, Volume.RemoveXattr(_file, Name(AccessName)));
        Chmod(_file, 0x180);
        Assert.Equal(0x8180U, _fixture.Attributes(_file).Mode);
        Assert.Null(Get(_file, AccessName));
    }

    [Fact]
    public void SetXattr_AccessListByAStrangerToTheGroup_ClearsSetGroupId()
    {
        Chmod(_file, 0x5ED);
        Assert.Equal(Errno.None, Volume.SetXattr(_file, Name(AccessName), _extended, XattrFlags.ClearSetGroupId));
        Assert.Equal(0x81E8U, _fixture.Attributes(_file).Mode);
    }

    [Fact]
    public void Create_InADirectoryWithADefaultList_GetsItWithoutTheUmask()
    {
        Assert.Equal(Errno.None, Set(_directory, DefaultName, _extended));
        Assert.Equal(Errno.None, Volume.Create(_directory, "child"u8, 0x1B6, new Credentials(1, 1) { Umask = 0x3F }, out InodeEntry child));
        Assert.Equal(0x81A0U, child.Attributes.Mode);
        Assert.Equal(child.Attributes, _fixture.Attributes(child.Number));
        Assert.Equal(Acl((0x01, 6, Nobody), (0x02, 7, 5), (0x04, 5, Nobody), (0x10, 4, Nobody), (0x20, 0, Nobody)), Get(child.Number, AccessName));
        Assert.Null(Get(child.Number, DefaultName));
    }

    [Fact]
    public void MakeDirectory_InADirectoryWithADefaultList_PassesItOn()
    {
        Assert.Equal(Errno.None, Set(_directory, DefaultName, _extended));
        Assert.Equal(Errno.None, Volume.MakeDirectory(_directory, "child"u8, 0x1FF, default, out InodeEntry child));
        Assert.Equal(0x41E8U, child.Attributes.Mode);
        Assert.Equal(_extended, Get(child.Number, DefaultName));
        Assert.Equal(_extended, Get(child.Number, AccessName));
        Assert.Equal(Errno.None, Volume.MakeDirectory(child.Number, "grandchild"u8, 0x1FF, default, out InodeEntry grandchild));
        Assert.Equal(_extended, Get(grandchild.Number, DefaultName));
    }

    [Fact]
    public void Create_DefaultListThatIsPlain_GivesPermissionsOnly()
    {
        Assert.Equal(Errno.None, Set(_directory, DefaultName, _plain));
        Assert.Equal(Errno.None, Volume.Create(_directory, "child"u8, 0x1FF, new Credentials(1, 1) { Umask = 0x1FF }, out InodeEntry child));
        Assert.Equal(0x81A4U, child.Attributes.Mode);
        Assert.Null(Get(child.Number, AccessName));
    }

    [Fact]
    public void Create_WithoutADefaultList_TakesTheUmaskOff()
    {
        Assert.Equal(Errno.None, Volume.Create(_directory, "child"u8, 0x1B6, new Credentials(1, 1) { Umask = 0x12 }, out InodeEntry child));
        Assert.Equal(0x81A4U, child.Attributes.Mode);
        Assert.Equal(Errno.None, Set(_directory, DefaultName, _extended));
        Assert.Equal(Errno.None, Volume.Symlink(_directory, "symlink"u8, "child"u8, new Credentials(1, 1) { Umask = 0x12 }, out InodeEntry symlink));
        Assert.Equal(0xA1FFU, symlink.Attributes.Mode);
        Assert.Equal(Errno.None, Volume.RemoveXattr(_directory, Name(DefaultName)));
        Assert.Equal(Errno.None, Volume.TemporaryFile(_directory, 0x1B6, new Credentials(1, 1) { Umask = 0x12 }, out InodeEntry temporary));
        Assert.Equal(0x81A4U, temporary.Attributes.Mode);
    }

    [Fact]
    public void TemporaryFile_InADirectoryWithADefaultList_GetsIt()
    {
        Assert.Equal(Errno.None, Set(_directory, DefaultName, _extended));
        Assert.Equal(Errno.None, Volume.TemporaryFile(_directory, 0x1B6, new Credentials(1, 1) { Umask = 0x3F }, out InodeEntry child));
        Assert.Equal(0x81A0U, child.Attributes.Mode);
        Assert.NotNull(Get(child.Number, AccessName));
    }

    [Fact]
    public void SetXattr_WhatIsNoList_IsRefused()
    {
        byte[] wrongVersion = [.. _plain];
        wrongVersion[0] = 1;
        Assert.Equal(Errno.EINVAL, Set(_file, AccessName, wrongVersion));
        Assert.Equal(Errno.EINVAL, Set(_file, AccessName, _plain[..^1]));
        Assert.Equal(Errno.EINVAL, Set(_file, AccessName, Acl((0x01, 6, Nobody), (0x20, 4, Nobody))));
        Assert.Equal(Errno.EINVAL, Set(_file, AccessName, Acl((0x01, 6, Nobody), (0x02, 6, 5), (0x04, 4, Nobody), (0x20, 4, Nobody))));
        Assert.Equal(Errno.EINVAL, Set(_file, AccessName, Acl((0x04, 6, Nobody), (0x01, 6, Nobody), (0x20, 4, Nobody))));
        Assert.Equal(Errno.EINVAL, Set(_file, AccessName, Acl((0x01, 8, Nobody), (0x04, 4, Nobody), (0x20, 4, Nobody))));
        Assert.Equal(Errno.EACCES, Set(_file, DefaultName, _extended));
        Assert.Equal(Errno.None, Volume.Symlink(InodeNumber.Root, "symlink"u8, "file"u8, default, out InodeEntry symlink));
        Assert.Equal(Errno.EOPNOTSUPP, Set(symlink.Number, AccessName, _extended));
        (ushort, ushort, uint)[] many = [(0x01, 7, Nobody), .. Enumerable.Range(0, 125).Select(id => ((ushort)0x02, (ushort)7, (uint)id)), (0x04, 5, Nobody), (0x10, 5, Nobody), (0x20, 0, Nobody)];
        Assert.Equal(Errno.ENOSPC, Set(_file, AccessName, Acl(many)));
        Assert.Equal(Errno.None, Set(_file, AccessName, Acl([.. many[..124], .. many[^3..]])));
    }

    private static byte[] Acl(params (ushort Tag, ushort Permissions, uint Id)[] entries)
    {
        byte[] value = new byte[4 + (8 * entries.Length)];
        value[0] = 2;
        for (int index = 0; index < entries.Length; index++)
        {
            Span<byte> entry = value.AsSpan(4 + (8 * index));
            BinaryPrimitives.WriteUInt16LittleEndian(entry, entries[index].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], entries[index].Permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], entries[index].Id);
        }

        return value;
    }

    private static byte[] Name(string name) => VolumeFixture.Name(name);

    private Errno Set(InodeNumber inode, string name, byte[] value) => Volume.SetXattr(inode, Name(name), value);

    private byte[]? Get(InodeNumber inode, string name)
    {
        byte[] buffer = new byte[1024];
        Errno error = Volume.GetXattr(inode, Name(name), buffer, out int valueBytes);
        Assert.True(error is Errno.None or Errno.ENODATA);
        return error == Errno.None ? buffer[..valueBytes] : null;
    }

    private void Chmod(InodeNumber inode, uint mode) =>
        Assert.Equal(Errno.None, Volume.SetAttributes(inode, new AttributeChange { Fields = AttributeFields.Mode, Mode = mode }, out _));
}
