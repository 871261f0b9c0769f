namespace VfsBlock.Storage;

/// <summary>A change of attributes: of those that <see cref="Fields"/> names. The size is not among them: it belongs to the data.</summary>
public readonly record struct AttributeChange
{
    /// <summary>What is changed.</summary>
    public AttributeFields Fields { get; init; }

    /// <summary>The permissions; type bits are ignored.</summary>
    public uint Mode { get; init; }

    /// <summary>The owner.</summary>
    public uint UserId { get; init; }

    /// <summary>The group.</summary>
    public uint GroupId { get; init; }

    /// <summary>The access time.</summary>
    public Timestamp AccessTime { get; init; }

    /// <summary>The modification time.</summary>
    public Timestamp ModifyTime { get; init; }

    /// <summary>The change time.</summary>
    public Timestamp ChangeTime { get; init; }

    /// <summary>The group of who asks; <see cref="AttributeFields.ClearSetId"/> needs it.</summary>
    public uint CallerGroupId { get; init; }

    /// <summary>True if owner or group change.</summary>
    internal bool ChangesOwner => Has(AttributeFields.UserId | AttributeFields.GroupId);

    /// <summary>True if any of the fields is changed.</summary>
    internal bool Has(AttributeFields fields) => (Fields & fields) != 0;

    /// <summary>True if the times that are given can be kept.</summary>
    internal bool IsValid => AccessTime.IsValid && ModifyTime.IsValid && ChangeTime.IsValid;
}
