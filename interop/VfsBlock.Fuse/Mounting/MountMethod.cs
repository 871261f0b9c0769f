namespace VfsBlock.Fuse;

/// <summary>Who asks the kernel for the mount.</summary>
public enum MountMethod
{
    /// <summary><see cref="Direct"/> where this process may mount, otherwise <see cref="Fusermount"/>.</summary>
    Automatic,

    /// <summary>This process itself, by fsopen(2) and move_mount(2). Needs CAP_SYS_ADMIN.</summary>
    Direct,

    /// <summary>The set-user-id helper <c>fusermount3</c>, which any user may run.</summary>
    Fusermount,
}
