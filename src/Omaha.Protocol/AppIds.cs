using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Omaha.Protocol;

/// <summary>
/// What app ids are looked up by. Clients send one id as <c>{E96281A6-…}</c>, bare or in lower case, so white space around it, braces that
/// enclose the whole of it and ASCII case do not count. All else does: ids need not be GUIDs, and <c>{GUID}_dlc</c> is another app.
/// </summary>
public static class AppIds
{
    /// <summary>Writes the lookup key of an id, which is never longer than the id. False for an id that nothing can be found by.</summary>
    public static bool TryNormalize(ReadOnlySpan<byte> id, Span<byte> destination, out int written)
    {
        written = 0;
        if (id.Length > RequestLimits.AppIdBytes) return false;

        var key = id[Ascii.Trim(id)];
        if (IsEnclosedInBraces(key)) key = key[1..^1];
        if (key.IsEmpty || key.Length > destination.Length) return false;
        if (key.ContainsAnyInRange((byte)0, (byte)0x1F) || key.Contains((byte)0x7F)) return false;

        // Ids are ASCII as good as always; one that is not keeps its other letters as they are.
        if (Ascii.ToLower(key, destination, out _) != OperationStatus.Done) ToLowerAscii(key, destination);

        written = key.Length;
        return true;
    }

    /// <summary>The lookup key of an id of the catalogue.</summary>
    /// <exception cref="ArgumentException">Nothing could be found by it: empty, too long, with control characters, or no valid text.</exception>
    public static string Normalize(string id)
    {
        ArgumentNullException.ThrowIfNull(id);

        Span<byte> utf8 = stackalloc byte[RequestLimits.AppIdBytes];
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        Span<char> text = stackalloc char[RequestLimits.AppIdBytes];
        if (Utf8.FromUtf16(id, utf8, out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done
            || !TryNormalize(utf8[..length], key, out var written))
        {
            throw new ArgumentException(
                $"The app id '{id}' has to have 1 to {RequestLimits.AppIdBytes} bytes and no control characters.", nameof(id));
        }

        Utf8.ToUtf16(key[..written], text, out _, out var characters);
        return new string(text[..characters]);
    }

    private static void ToLowerAscii(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        for (var i = 0; i < key.Length; i++)
        {
            var character = key[i];
            destination[i] = character is >= (byte)'A' and <= (byte)'Z' ? (byte)(character | 0x20) : character;
        }
    }

    private static bool IsEnclosedInBraces(ReadOnlySpan<byte> id)
    {
        if (id.Length < 2 || id[0] != '{' || id[^1] != '}') return false;
        if (!id[1..^1].ContainsAny((byte)'{', (byte)'}')) return true;

        // {a}_{b} begins and ends with a brace as well; there the first one is closed early.
        var depth = 1;
        foreach (var character in id[1..^1])
        {
            if (character == '{') depth++;
            else if (character == '}' && --depth == 0) return false;
        }

        return depth == 1;
    }
}
