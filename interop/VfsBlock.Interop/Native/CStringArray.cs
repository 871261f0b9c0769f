using System.Runtime.InteropServices;

namespace VfsBlock.Interop.Native;

/// <summary>
/// A <c>char *[]</c> that ends in a null pointer, as argv and envp are. Owns its memory until disposed; for one thread.
/// </summary>
internal sealed unsafe class CStringArray : IDisposable
{
    private byte* _memory;

    public CStringArray(IEnumerable<string> texts)
    {
        byte[][] strings = [.. texts.Select(CString.From)];
        int pointersBytes = (strings.Length + 1) * sizeof(byte*);
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(pointersBytes + strings.Sum(s => s.Length)));
        byte* next = _memory + pointersBytes;
        for (int index = 0; index < strings.Length; index++)
        {
            ((byte**)_memory)[index] = next;
            strings[index].CopyTo(new Span<byte>(next, strings[index].Length));
            next += strings[index].Length;
        }
    }

    public byte** Pointers => (byte**)_memory;

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
