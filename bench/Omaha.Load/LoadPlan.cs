using System.Text;

namespace Omaha.Load;

/// <summary>A run as it was asked for, checked.</summary>
internal sealed record LoadPlan
{
    public required Target Target { get; init; }

    /// <summary>The kinds of request, sent in turn.</summary>
    public required IReadOnlyList<RequestTemplate> Requests { get; init; }

    public int Connections { get; init; } = 64;

    /// <summary>Requests due each second, whether or not earlier ones were answered; null: each connection asks again as soon as it has its reply.</summary>
    public double? Rate { get; init; }

    /// <summary>Whether each request opens a connection of its own.</summary>
    public bool NewConnections { get; init; }

    /// <summary>Machines that are played, each sending all kinds of request.</summary>
    public int NodeCount { get; init; } = 1000;

    /// <summary>Apps that <c>{appid}</c> chooses from.</summary>
    public int AppCount { get; init; } = 10;

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most requests that are measured, and most that warm up.</summary>
    public long MostRequests { get; init; } = 10_000_000;

    /// <summary>How long one request may take, and how long those that are due at the end are waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public int ExpectedStatus { get; init; } = 200;

    /// <summary>Every reply must hold one of these; none: anything will do.</summary>
    public IReadOnlyList<string> ExpectedTexts { get; init; } = [];

    /// <summary>Whether any certificate will do, so that a test server needs none that is known.</summary>
    public bool AnyCertificate { get; init; }

    /// <summary>The server's process, on this machine, whose CPU time and memory are measured.</summary>
    public int? ServerPid { get; init; }

    /// <summary>What the result carries along, for whoever compares several.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Bytes that a connection needs to put a request together.</summary>
    public int BufferBytes => Requests.Where(static request => request.HasIds).Select(static request => request.Length).DefaultIfEmpty(0).Max();

    public byte[][] ExpectedBytes => [.. ExpectedTexts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The request with a number: kinds in turn, and each kind from one node after another.</summary>
    public ReadOnlyMemory<byte> Render(long number, Random random, byte[] buffer) =>
        Requests[(int)(number % Requests.Count)].Render(number / Requests.Count % NodeCount, AppCount, random, buffer);
}
