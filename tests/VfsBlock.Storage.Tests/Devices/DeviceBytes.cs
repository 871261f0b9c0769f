using VfsBlock.Interop;
using Xunit;

namespace VfsBlock.Storage.Tests;

/// <summary>Short words for what device tests do all the time.</summary>
internal static class DeviceBytes
{
    /// <summary>A buffer as a device wants it, filled from a seed.</summary>
    public static NativeBuffer Random(int lengthBytes, int seed)
    {
        var buffer = new NativeBuffer(lengthBytes);
        new Random(seed).NextBytes(buffer.Span);
        return buffer;
    }

    /// <summary>Writes random bytes and returns them.</summary>
    public static byte[] WriteRandom(this IBlockDevice device, long offsetBytes, int lengthBytes, int seed)
    {
        using NativeBuffer data = Random(lengthBytes, seed);
        Assert.Equal(IoResult.Ok(lengthBytes), device.Write(data.Span, offsetBytes));
        return data.Span.ToArray();
    }

    /// <summary>Reads a range that must be there.</summary>
    public static byte[] ReadAll(this IBlockDevice device, long offsetBytes, long lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        Assert.Equal(IoResult.Ok(lengthBytes), device.Read(bytes, offsetBytes));
        return bytes;
    }

    /// <summary>Reaps so many completions and fails if one carries an error.</summary>
    public static void ReapAll(this IDeviceQueue queue, int count)
    {
        var completions = new IoCompletion[count];
        Assert.Equal(count, queue.Reap(completions, count));
        Assert.All(completions, completion => Assert.Equal(Errno.None, completion.Result.Error));
    }
}
