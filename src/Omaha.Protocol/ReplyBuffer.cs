namespace Omaha.Protocol;

/// <summary>Bytes of one reply, reused from request to request; grows as needed and keeps its size.</summary>
public sealed class ReplyBuffer
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    /// <summary>What was written since <see cref="Clear"/>; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _length) Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Write(int number)
    {
        if (_bytes.Length - _length < 11) Grow(11);
        System.Buffers.Text.Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out var written);
        _length += written;
    }

    private void Grow(int needed) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + needed));
}
