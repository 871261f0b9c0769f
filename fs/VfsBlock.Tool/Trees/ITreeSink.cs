namespace VfsBlock.Tool;

/// <summary>Where a tree goes.</summary>
internal interface ITreeSink
{
    /// <summary>Takes an entry. What cannot be made is told to the report.</summary>
    /// <exception cref="ToolException">Nothing more can be taken.</exception>
    void Add(TreeEntry entry);

    /// <summary>Everything was added: sets what had to wait, such as the times of directories.</summary>
    void Finish();
}
