namespace VfsBlock.Storage.Tests;

/// <summary>How much was checked. Any thread.</summary>
internal sealed class CrashCounts
{
    private long _workloadCount;
    private long _imageCount;
    private long _nestedCount;
    private long _checkedCount;

    public long Workloads => Interlocked.Read(ref _workloadCount);

    public long Images => Interlocked.Read(ref _imageCount);

    public long Nested => Interlocked.Read(ref _nestedCount);

    public long Checked => Interlocked.Read(ref _checkedCount);

    public void AddWorkload() => Interlocked.Increment(ref _workloadCount);

    public void AddImage() => Interlocked.Increment(ref _imageCount);

    public void AddNested() => Interlocked.Increment(ref _nestedCount);

    public void AddChecked() => Interlocked.Increment(ref _checkedCount);

    public override string ToString() =>
        $"{Workloads} workloads, {Images} crash images, {Nested} crash images of recoveries; the checker looked at {Checked} recovered images";
}
