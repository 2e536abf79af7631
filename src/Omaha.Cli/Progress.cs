using System.Diagnostics;
using System.Globalization;

namespace Omaha.Cli;

/// <summary>A line on standard error that says how far a long step has come, and is wiped out at its end; nothing where nobody watches.</summary>
internal sealed class Progress : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter? _output;
    private readonly string _what;
    private readonly long _total;
    private long _done;
    private long _drawn;
    private int _width;

    /// <param name="surroundings">Where it is drawn.</param>
    /// <param name="what">What is worked on.</param>
    /// <param name="total">Its size in bytes.</param>
    public Progress(Surroundings surroundings, string what, long total)
    {
        (_output, _what, _total) = (surroundings.IsWatched ? surroundings.Error : null, what, total);
        Draw();
    }

    /// <summary>Bytes that are done, in all.</summary>
    public long Done
    {
        set
        {
            _done = value;
            if (_done >= _total || Stopwatch.GetElapsedTime(_drawn) >= Pause) Draw();
        }
    }

    public void Dispose() => _output?.Write($"\r{new string(' ', _width)}\r");

    private void Draw()
    {
        if (_output is null) return;
        _drawn = Stopwatch.GetTimestamp();
        var share = _total <= 0 ? 1 : Math.Min(1, (double)_done / _total);
        var full = (int)(share * BarWidth);
        var line = string.Create(CultureInfo.InvariantCulture, $"{_what}  [{new string('#', full)}{new string('.', BarWidth - full)}] {(int)(share * 100),3} %  {ByteCount.Text(_done)} of {ByteCount.Text(_total)}");
        _output.Write($"\r{line.PadRight(_width)}");
        _width = Math.Max(_width, line.Length);
    }
}
