using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Omaha.Catalog;
using Omaha.Redis;

namespace Omaha.Control;

/// <summary>All of the store as a file, and back.</summary>
/// <remarks>Both go through a temporary file, so that no answer begins before all of it is known to be one state, and nothing is written before all of it is known to be sound.</remarks>
internal sealed partial class BackupEndpoints(StoreBackup backup, StoreRestore restore, TimeProvider time, ILogger<BackupEndpoints> log)
{
    public static readonly QueryKey Overwrite = new("overwrite", "Flag: also when the store holds something");

    private const long MostBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>In this time every server that reaches the store has seen a change of it.</summary>
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(1);

    /// <summary>How often a backup is begun anew because the store changed under it.</summary>
    private const int Attempts = 10;

    public async Task<Reply> BackUpAsync(ApiCall call)
    {
        var (opened, noFile) = OpenTemporary();
        if (opened is not { } file) return noFile!;
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                file.SetLength(0);
                if (!await backup.TryWriteAsync(file, call.Http.RequestAborted)) continue;
                LogBackedUp(call.By, file.Length);
                file.Position = 0;
                return Reply.OfLines(file);
            }
        }
        catch (IOException full)
        {
            await file.DisposeAsync();
            return NoRoom(full);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        await file.DisposeAsync();
        return Reply.Problem(409, $"the store changed {Attempts} times while it was being read; try again");
    }

    public async Task<Reply> RestoreAsync(ApiCall call)
    {
        if (!call.TryReadFlag("dryRun", out var dryRun)) return call.NoFlag("dryRun");
        if (!call.TryReadFlag("overwrite", out var overwrite)) return call.NoFlag("overwrite");
        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MostBytes;

        var (opened, noFile) = OpenTemporary();
        if (opened is null) return noFile!;
        await using var file = opened;
        try
        {
            await call.Http.Request.Body.CopyToAsync(file, call.Http.RequestAborted);
            var read = await BackupFile.OpenAsync(file, call.Http.RequestAborted);
            return await RestoreAsync(call, read, dryRun, overwrite);
        }
        catch (BackupException unsound)
        {
            return Reply.Problem(422, [new Fault("backup", unsound.Message)]);
        }
        catch (RestoreBrokenOffException broken)
        {
            LogBrokenOff(broken, call.By);
            return Reply.Problem(503, broken.Message);
        }
        catch (IOException full) when (full is not BadHttpRequestException)
        {
            return NoRoom(full);
        }
    }

    private async Task<Reply> RestoreAsync(ApiCall call, BackupFile file, bool dryRun, bool overwrite)
    {
        var caller = call.Actor.Token!;
        var plan = await restore.PlanAsync(file, caller, call.Http.RequestAborted);
        if (dryRun) return Reply.Ok(Describe(file, plan, dryRun, plan.Store), ApiJson.Readable.RestoreReply);
        if (!plan.IsEmpty && !overwrite) return Reply.Problem(422, [new Fault("store", "is not empty, and a restore overwrites what it holds; look with omahactl restore --dry-run, then give --yes")]);

        var details = string.Create(CultureInfo.InvariantCulture, $"the backup of {file.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z at revision {file.Version.Revision} of epoch {file.Version.Epoch}, over revision {plan.Store.Revision} of epoch {plan.Store.Epoch}");
        if (await restore.RunAsync(file, caller, new AuditRecord(AuditVerb.Restore, call.Actor, time.GetUtcNow()) { Details = details }) is not var (done, version))
        {
            return Reply.Problem(409, "the store changed again and again while it was being restored; look at omahactl status, and run the restore again when nothing else changes it");
        }

        // An acceptance counts when it is given after the alarm that it ends; so whoever gives it next finds that every server has raised its own.
        LogRestored(call.By, version.Revision, version.Epoch);
        await Task.Delay(NoticedWithin, time);
        return Reply.Ok(Describe(file, done, dryRun, version), ApiJson.Readable.RestoreReply);
    }

    private static RestoreReply Describe(BackupFile file, RestorePlan plan, bool dryRun, StoreVersion store) => new(
        dryRun,
        store.IsNone ? null : new StoreReply(store.Epoch, store.Revision, store.ChangeId),
        new MomentReply(file.Version.Revision, file.MadeAt),
        plan.IsEmpty,
        plan.Apps,
        plan.FurtherApps,
        plan.UnchangedApps,
        plan.Brakes,
        [.. plan.EndingTokens.Select(static token => $"{token.Id} {TokenGrant.Describe(token)}")],
        [.. plan.ReturningTokens.Select(static token => $"{token.Id} {TokenGrant.Describe(token)}")],
        plan.LaterEntries);

    /// <summary>A file that only this process's user can read, since it holds hashes of tokens, and that goes when it is closed.</summary>
    private (FileStream? File, Reply? Refused) OpenTemporary()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return (new FileStream(Path.Combine(Path.GetTempPath(), $"omaha-{Guid.NewGuid():n}"), options), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, NoRoom(error));
        }
    }

    private Reply NoRoom(Exception full)
    {
        LogNoRoom(full);
        return Reply.Problem(503, $"the control plane needs a temporary file as large as the backup, in {Path.GetTempPath()}, and could not write it; nothing was changed");
    }

    [LoggerMessage(EventId = 24, Level = LogLevel.Information, Message = "{By} made a backup of {Bytes} bytes.")]
    private partial void LogBackedUp(string by, long bytes);

    [LoggerMessage(EventId = 25, Level = LogLevel.Warning, Message = "{By} restored a backup; the store is at revision {Revision} of the new epoch {Epoch}.")]
    private partial void LogRestored(string by, long revision, string epoch);

    [LoggerMessage(EventId = 26, Level = LogLevel.Error, Message = "A restore by {By} was broken off.")]
    private partial void LogBrokenOff(Exception error, string by);

    [LoggerMessage(EventId = 27, Level = LogLevel.Error, Message = "A temporary file could not be written.")]
    private partial void LogNoRoom(Exception error);
}
