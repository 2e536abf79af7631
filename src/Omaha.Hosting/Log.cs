using Microsoft.Extensions.Logging;

namespace Omaha.Hosting;

/// <summary>Every log line of this project.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "The certificate in {File} is new: {Subject}, until {NotAfter:u}. New connections get it.")]
    public static partial void CertificateIsRenewed(this ILogger log, string file, string subject, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "The certificate in {File} changed and cannot be used: {Fault} The old one stays: {Subject}, until {NotAfter:u}.")]
    public static partial void CertificateIsFaulty(this ILogger log, string file, string fault, string subject, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 302, Level = LogLevel.Error, Message = "The certificate in {File} has ended: {Subject}, until {NotAfter:u}. Clients will refuse it.")]
    public static partial void CertificateHasEnded(this ILogger log, string file, string subject, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 310, Level = LogLevel.Error, Message = "The settings changed and cannot be used: {Fault} All old values stay in force.")]
    public static partial void SettingsAreRefused(this ILogger log, string fault);

    [LoggerMessage(EventId = 311, Level = LogLevel.Error, Message = "The settings changed and cannot be used: {Fault} All old values stay in force, but for the brake that they hold: {Brakes}.")]
    public static partial void SettingsAreRefusedButBrake(this ILogger log, string fault, string brakes);

    [LoggerMessage(EventId = 312, Level = LogLevel.Information, Message = "Settings changed and are in force: {Keys}.")]
    public static partial void SettingsAreInForce(this ILogger log, string keys);

    [LoggerMessage(EventId = 313, Level = LogLevel.Warning, Message = "Settings changed that are heeded at the next start only: {Keys}.")]
    public static partial void SettingsWait(this ILogger log, string keys);

    [LoggerMessage(EventId = 314, Level = LogLevel.Information, Message = "The settings can be used again.")]
    public static partial void SettingsAreRightAgain(this ILogger log);
}
