using System.Buffers;
using System.Text;
using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>
/// Answers a request of its own through the real responder once a first snapshot is there, and only then calls the server ready: a server
/// that cannot answer must not get traffic, and on the JIT the rehearsal compiles the hot path before the first client comes.
/// </summary>
public sealed class SelfProbe(Responder responder, ISnapshotSource catalog, ILogger<SelfProbe> log) : BackgroundService
{
    private const int Rehearsals = 2000;

    private volatile bool _passed;

    /// <summary>Whether a rehearsed request was answered as it should be.</summary>
    public bool Passed => _passed;

    /// <summary>Marked as a probe, so that it is not counted. It asks for the first app of the catalogue, to take the whole path.</summary>
    private static byte[] Request(CatalogSnapshot snapshot)
    {
        var id = XmlText.Escape(snapshot.Apps.FirstOrDefault()?.Id ?? "{00000000-0000-0000-0000-000000000000}");
        return Encoding.UTF8.GetBytes(
            $"""
             <?xml version="1.0" encoding="UTF-8"?>
             <request protocol="3.0" installsource="scheduler" testsource="prober" ismachine="1">
               <os platform="CoreOS" sp="0.0.0_x86_64"/>
               <app appid="{id}" version="0.0.0" board="amd64-usr"><ping active="1"/><updatecheck/><event eventtype="3" eventresult="2" previousversion=""/></app>
             </request>
             """);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (catalog.Current.Version.IsNone)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
        }

        // What loading left behind would stay for as long as a server has little to collect. Nobody is sent here yet who would have to wait.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        var request = new ReadOnlySequence<byte>(Request(catalog.Current));
        for (var i = 0; i < Rehearsals; i++)
        {
            var refusal = responder.Answer(request, out var reply);
            if (refusal == Refusal.None && reply.Span.EndsWith("</app></response>"u8)) continue;
            log.SelfProbeFailed(refusal);
            return;
        }

        _passed = true;
    }
}
