using System.Buffers;
using System.Runtime.CompilerServices;

namespace Omaha.Protocol;

/// <summary>
/// One update request, neutral of the dialect it came in. Reusable: keep one per thread, <see cref="Load(in ReadOnlySequence{byte})"/> the body,
/// read it with a reader, and let nothing of it outlive the request.
/// </summary>
/// <remarks>
/// The body is copied once into a buffer of our own (about 20 ns for a Flatcar check). That makes a body in several segments the same as
/// one in a single segment, and lets the reader resolve references in place, since a resolved value is never longer than what was sent.
/// </remarks>
public sealed class UpdateRequest
{
    private byte[] _bytes = new byte[4096];
    private int _length;
    private RequestedApp[] _apps = new RequestedApp[4];
    private int _appCount;
    private RequestedEvent[] _events = new RequestedEvent[8];
    private int _eventCount;
    private RequestedData[] _data = new RequestedData[2];
    private int _dataCount;

    internal XmlCursor.Tables XmlTables { get; } = new();

    /// <summary>The bytes of a value.</summary>
    public ReadOnlySpan<byte> this[Utf8Range range]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bytes.AsSpan(range.Start, range.Length);
    }

    public ProtocolVersion Protocol { get; internal set; }

    /// <summary>Name of the client's updater, e.g. <c>Omaha</c>, <c>ChromeOSUpdateEngine</c>.</summary>
    public Utf8Range Updater { get; internal set; }

    public Utf8Range UpdaterVersion { get; internal set; }

    /// <summary>The request's own <c>version</c>, e.g. <c>update_engine-0.4.10</c>.</summary>
    public Utf8Range ClientVersion { get; internal set; }

    public Utf8Range ProductVersion { get; internal set; }

    public Utf8Range UserId { get; internal set; }

    public Utf8Range SessionId { get; internal set; }

    public Utf8Range RequestId { get; internal set; }

    /// <summary>Who asked: <c>scheduler</c>, <c>ondemandupdate</c>, …; what starts with <c>ondemand</c> is interactive.</summary>
    public Utf8Range InstallSource { get; internal set; }

    /// <summary>Not empty: a probe or a test, kept out of the counters.</summary>
    public Utf8Range TestSource { get; internal set; }

    /// <summary><c>cacheable</c>: URLs that caches can serve come first.</summary>
    public Utf8Range DownloadPreference { get; internal set; }

    /// <summary>Formats the client takes, e.g. <c>crx2,crx3</c>.</summary>
    public Utf8Range AcceptFormat { get; internal set; }

    public bool IsMachine { get; internal set; }

    /// <summary>The request comes from ChromeOS's recovery system (<c>isminios</c>), which has nothing that a delta could start from.</summary>
    public bool IsRecovery { get; internal set; }

    /// <summary>Operating system: the first <c>os</c> element, else Chromium's attributes of the root.</summary>
    public Utf8Range OsPlatform { get; internal set; }

    public Utf8Range OsVersion { get; internal set; }

    /// <summary>Service pack; update_engine puts <c>VERSION_machine</c> here.</summary>
    public Utf8Range OsServicePack { get; internal set; }

    public Utf8Range OsArch { get; internal set; }

    /// <summary>Memory in GiB, -1 when unknown or not sent.</summary>
    public int PhysicalMemory { get; internal set; }

    /// <summary>The CPU lacks SSE2 for certain (<c>sse2="0"</c>; absent and -1 mean unknown).</summary>
    public bool LacksSse2 { get; internal set; }

    /// <summary>The CPU lacks SSE3 for certain.</summary>
    public bool LacksSse3 { get; internal set; }

    /// <summary>The CPU lacks AVX for certain.</summary>
    public bool LacksAvx { get; internal set; }

    /// <summary>The apps in request order.</summary>
    public ReadOnlySpan<RequestedApp> Apps => _apps.AsSpan(0, _appCount);

    public ReadOnlySpan<RequestedEvent> Events => _events.AsSpan(0, _eventCount);

    public ReadOnlySpan<RequestedData> Data => _data.AsSpan(0, _dataCount);

    /// <summary>The events of one app, in order.</summary>
    public ReadOnlySpan<RequestedEvent> EventsOf(in RequestedApp app) => _events.AsSpan(app.EventStart, app.EventCount);

    /// <summary>The data elements of one app, in order.</summary>
    public ReadOnlySpan<RequestedData> DataOf(in RequestedApp app) => _data.AsSpan(app.DataStart, app.DataCount);

    /// <summary>Forgets the last request and takes the bytes of a new one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="RequestLimits.BodyBytes"/>: the caller refuses such a body before.</exception>
    public void Load(in ReadOnlySequence<byte> body)
    {
        Reset(checked((int)Math.Min(body.Length, int.MaxValue)));
        body.CopyTo(_bytes);
    }

    /// <inheritdoc cref="Load(in ReadOnlySequence{byte})"/>
    public void Load(ReadOnlySpan<byte> body)
    {
        Reset(body.Length);
        body.CopyTo(_bytes);
    }

    internal Span<byte> Body => _bytes.AsSpan(0, _length);

    internal int AppCount => _appCount;

    internal ref RequestedApp AddApp()
    {
        if (_appCount == _apps.Length) Array.Resize(ref _apps, _appCount * 2);
        ref var app = ref _apps[_appCount++];
        app = default;
        app.PingRollCallDay = RequestedEvent.Unknown;
        app.EventStart = _eventCount;
        app.DataStart = _dataCount;
        return ref app;
    }

    /// <summary>Adds an event to the app that was added last.</summary>
    internal ref RequestedEvent AddEvent()
    {
        if (_eventCount == _events.Length) Array.Resize(ref _events, _eventCount * 2);
        _apps[_appCount - 1].EventCount++;
        ref var added = ref _events[_eventCount++];
        added = default;
        return ref added;
    }

    /// <summary>Adds a data element to the app that was added last.</summary>
    internal ref RequestedData AddData()
    {
        if (_dataCount == _data.Length) Array.Resize(ref _data, _dataCount * 2);
        _apps[_appCount - 1].DataCount++;
        ref var added = ref _data[_dataCount++];
        added = default;
        return ref added;
    }

    private void Reset(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, RequestLimits.BodyBytes);
        if (length > _bytes.Length) _bytes = new byte[RequestLimits.BodyBytes];
        _length = length;
        _appCount = _eventCount = _dataCount = 0;

        Protocol = default;
        Updater = UpdaterVersion = ClientVersion = ProductVersion = default;
        UserId = SessionId = RequestId = InstallSource = TestSource = DownloadPreference = AcceptFormat = default;
        OsPlatform = OsVersion = OsServicePack = OsArch = default;
        IsMachine = IsRecovery = LacksSse2 = LacksSse3 = LacksAvx = false;
        PhysicalMemory = -1;
    }
}
