using System.Buffers;

namespace Omaha.Protocol;

/// <summary>
/// Writes a reply of the XML dialect. In an app the order is ping, updatecheck, events, data, which every known client accepts.
/// </summary>
/// <remarks>
/// No namespace, no comment, no white space between elements: update_engine looks for <c>/response/app</c> without a namespace, and a
/// Flatcar machine scrapes the stored reply up to the literal <c>&lt;/response&gt;</c>. Attributes are written as <c>name="value"</c>
/// exactly, because ue-rs cuts their names off by that form.
/// </remarks>
public readonly ref struct XmlReplyWriter(ReplyBuffer buffer)
{
    private const int MaxEchoedBytes = RequestLimits.AppIdBytes;
    private static readonly SearchValues<byte> Special = SearchValues.Create("&<>\"\t\n\r"u8);

    /// <summary>The media type of every reply.</summary>
    public const string ContentType = "text/xml; charset=utf-8";

    /// <summary>Opens the reply.</summary>
    /// <param name="protocol">The request's version, echoed.</param>
    /// <param name="daystart">The rendered daystart element, see <see cref="RenderDaystart"/>.</param>
    public void Begin(ProtocolVersion protocol, ReadOnlySpan<byte> daystart)
    {
        buffer.Clear();
        buffer.Write(protocol == ProtocolVersion.Xml31
            ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response protocol=\"3.1\" server=\"omaha\">"u8
            : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response protocol=\"3.0\" server=\"omaha\">"u8);
        buffer.Write(daystart);
    }

    public void End() => buffer.Write("</response>"u8);

    /// <summary>Opens an app with its id as the client spelt it; an id too long to be one of ours is not echoed.</summary>
    public void BeginApp(ReadOnlySpan<byte> id, ReadOnlySpan<byte> status)
    {
        OpenApp(id, status);
        buffer.Write(">"u8);
    }

    /// <summary>Opens an app and tells the client the cohort to take; an empty one deletes the client's.</summary>
    public void BeginApp(ReadOnlySpan<byte> id, ReadOnlySpan<byte> status, ReadOnlySpan<byte> cohort)
    {
        OpenApp(id, status);
        buffer.Write(" cohort=\""u8);
        WriteEscaped(cohort);
        buffer.Write("\">"u8);
    }

    public void EndApp() => buffer.Write("</app>"u8);

    public void Ping() => buffer.Write("<ping status=\"ok\"/>"u8);

    /// <summary>An answered check without an offer.</summary>
    /// <param name="pollInterval">Seconds to the next check, 0 to leave it out.</param>
    public void NoUpdate(int pollInterval)
    {
        buffer.Write("<updatecheck status=\"noupdate\""u8);
        PollInterval(pollInterval);
        buffer.Write("/>"u8);
    }

    /// <summary>An answered check that failed for a reason of the machine's or of ours; only for clients that can show it.</summary>
    /// <param name="status">An <c>error-</c> status.</param>
    /// <param name="pollInterval">Seconds to the next check, 0 to leave it out.</param>
    /// <param name="errorUrlXml">Where a person reads more, escaped; empty to leave it out.</param>
    public void Error(ReadOnlySpan<byte> status, int pollInterval, ReadOnlySpan<byte> errorUrlXml)
    {
        buffer.Write("<updatecheck status=\""u8);
        buffer.Write(status);
        buffer.Write("\""u8);
        PollInterval(pollInterval);
        if (!errorUrlXml.IsEmpty)
        {
            buffer.Write(" errorurl=\""u8);
            buffer.Write(errorUrlXml);
            buffer.Write("\""u8);
        }

        buffer.Write("/>"u8);
    }

    /// <summary>An offer of a lower version, as ChromeOS must be told, with the key versions that it compares.</summary>
    /// <param name="pollInterval">Seconds to the next check, 0 to leave it out.</param>
    /// <param name="keys">The rendered key versions, see <see cref="RenderRollbackKeys"/>.</param>
    /// <param name="manifest">The release's rendered urls and manifest.</param>
    public void OfferRollback(int pollInterval, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> manifest)
    {
        buffer.Write("<updatecheck status=\"ok\" _rollback=\"true\""u8);
        buffer.Write(keys);
        PollInterval(pollInterval);
        buffer.Write(">"u8);
        buffer.Write(manifest);
        buffer.Write("</updatecheck>"u8);
    }

    /// <summary>The attributes that carry a release's key versions; empty when it has none.</summary>
    public static byte[] RenderRollbackKeys(string? firmware, string? kernel) => System.Text.Encoding.UTF8.GetBytes(
        (firmware is null ? "" : $" _firmware_version=\"{XmlText.Escape(firmware)}\"") + (kernel is null ? "" : $" _kernel_version=\"{XmlText.Escape(kernel)}\""));

    /// <summary>An offer.</summary>
    /// <param name="pollInterval">Seconds to the next check, 0 to leave it out.</param>
    /// <param name="manifest">The release's rendered urls and manifest.</param>
    public void Offer(int pollInterval, ReadOnlySpan<byte> manifest)
    {
        buffer.Write("<updatecheck status=\"ok\""u8);
        PollInterval(pollInterval);
        buffer.Write(">"u8);
        buffer.Write(manifest);
        buffer.Write("</updatecheck>"u8);
    }

    /// <summary>One acknowledgement for each event.</summary>
    public void Events(int count)
    {
        for (; count > 0; count--) buffer.Write("<event status=\"ok\"/>"u8);
    }

    /// <summary>The answer to untrusted data: it was received.</summary>
    public void UntrustedData() => buffer.Write("<data name=\"untrusted\" status=\"ok\"/>"u8);

    /// <summary>The answer to a request for install data.</summary>
    /// <param name="index">Which was asked for, echoed.</param>
    /// <param name="textXml">The data, escaped; null when the app does not have it. Google Update wants one plain text node.</param>
    public void InstallData(ReadOnlySpan<byte> index, byte[]? textXml)
    {
        buffer.Write("<data name=\"install\" index=\""u8);
        WriteEscaped(index.Length <= MaxEchoedBytes ? index : default);
        if (textXml is null)
        {
            buffer.Write("\" status=\"error-nodata\"/>"u8);
            return;
        }

        buffer.Write("\" status=\"ok\">"u8);
        buffer.Write(textXml);
        buffer.Write("</data>"u8);
    }

    /// <summary>The daystart element, to be rendered once a second and shared. Google Update needs both attributes.</summary>
    public static byte[] RenderDaystart(Daystart daystart) =>
        System.Text.Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"<daystart elapsed_days=\"{daystart.ElapsedDays}\" elapsed_seconds=\"{daystart.ElapsedSeconds}\"/>"));

    private void OpenApp(ReadOnlySpan<byte> id, ReadOnlySpan<byte> status)
    {
        buffer.Write("<app appid=\""u8);
        WriteEscaped(id.Length <= MaxEchoedBytes ? id : default);
        buffer.Write("\" status=\""u8);
        buffer.Write(status);
        buffer.Write("\""u8);
    }

    private void PollInterval(int seconds)
    {
        if (seconds == 0) return;
        buffer.Write(" PollInterval=\""u8);
        buffer.Write(seconds);
        buffer.Write("\""u8);
    }

    /// <summary>Copies a value of the request. It is valid UTF-8 without forbidden characters, since the reader refuses anything else.</summary>
    private void WriteEscaped(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            var next = value.IndexOfAny(Special);
            if (next < 0) break;
            buffer.Write(value[..next]);
            buffer.Write(value[next] switch
            {
                (byte)'&' => "&amp;"u8,
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                (byte)'"' => "&quot;"u8,
                (byte)'\t' => "&#9;"u8,
                (byte)'\n' => "&#10;"u8,
                _ => "&#13;"u8,
            });
            value = value[(next + 1)..];
        }

        buffer.Write(value);
    }
}
