using VfsBlock.Interop;
using VfsBlock.Storage.TestKit;
using Xunit;
using Xunit.Abstractions;

namespace VfsBlock.Storage.Tests;

/// <summary>A device that fails once at each point of a workload: no crash, no hang, no lie; what is found afterwards is a prefix.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int MaxPointCount = 60;

    private static readonly CrashBase _base = new(AceWorkloads.Format, AceWorkloads.Options, AceWorkloads.Setup);

    private static readonly Operation[] _workload =
    [
        new(OperationKind.Write, "A/foo", Offset: 3000, Length: 2000),
        new(OperationKind.Create, "bar"),
        new(OperationKind.Write, "bar", Length: 300_000),
        new(OperationKind.Sync),
        new(OperationKind.Rename, "foo", "A/foo"),
        new(OperationKind.Append, "bar", Length: 150_000),
        new(OperationKind.Sync),
        new(OperationKind.Checkpoint),
        new(OperationKind.SetSize, "bar", Length: 100_001),
        new(OperationKind.MakeDirectory, "B/b"),
        new(OperationKind.Write, "bar", Offset: 50, Length: 4000),
        new(OperationKind.Checkpoint),
        new(OperationKind.Unlink, "bar"),
        new(OperationKind.Sync),
    ];

    [Theory]
    [InlineData(FaultKind.ReadError)]
    [InlineData(FaultKind.FlushError)]
    public void Fault_OnceAtEachPoint_LosesNothingThatWasAcknowledged(FaultKind kind) => RunAtEachPoint(kind);

    [Theory]
    [InlineData(FaultKind.WriteError)]
    [InlineData(FaultKind.ShortWrite)]
    public void WriteFault_OnceAtEachPoint_LosesNothingThatWasAcknowledged(FaultKind kind) => RunAtEachPoint(kind);

    [Theory]
    [InlineData(FaultKind.ResizeError)]
    public void GrowthFault_OnceAtEachPoint_LosesNothingThatWasAcknowledged(FaultKind kind) => RunAtEachPoint(kind);

    private void RunAtEachPoint(FaultKind kind)
    {
        var counts = new CrashCounts();
        int happenedCount = 0;
        for (int nth = 1; nth <= MaxPointCount; nth++)
        {
            var fault = new Fault(kind, nth) { Error = kind == FaultKind.ResizeError ? Errno.ENOSPC : Errno.EIO, KeptBytes = 4096 };
            if (!Run(fault, counts))
            {
                break;
            }

            happenedCount++;
        }

        output.WriteLine($"{happenedCount} faults of {kind}; {counts}");
        Assert.True(happenedCount > 0, $"no {kind} ever happened");
    }

    private static bool Run(Fault fault, CrashCounts counts)
    {
        FaultyDevice? device = null;
        using CrashRun run = _base.Begin(disk => device = new FaultyDevice(disk));
        run.Refusals.UnionWith([Errno.EIO, Errno.ENOSPC, Errno.EROFS]);
        device!.Inject(fault);
        bool hasNoFlush = false;
        try
        {
            foreach (Operation operation in _workload)
            {
                Errno error = run.Apply(operation);
                hasNoFlush |= fault.Kind == FaultKind.FlushError && device.HappenedCount > 0;
                if (hasNoFlush && operation.IsPersistence && error == Errno.None)
                {
                    throw new CrashFailedException($"{operation} succeeds after a failed flush");
                }
            }

            bool hasHappened = device.HappenedCount > 0;
            device.Heal();
            run.CompareLive();
            run.CheckImages(new CrashPlanOptions { Images = new CrashImageOptions { FullSubsetLimit = 2, RandomSubsetCount = 2, MaxImagesPerFlush = 3 }, UsedEvery = 5 }, counts);
            return hasHappened;
        }
        catch (Exception e)
        {
            throw new CrashFailedException($"{fault.Kind} at {fault.Nth}: {e.Message}", e);
        }
    }
}
