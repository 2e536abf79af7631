// The empty handler: the least that a web server on Kestrel does for a request of the same size with a reply of the same size. It reads
// the body to its end, looks at nothing, and writes bytes that were made beforehand, under the same head that the server writes.
//
//   Omaha.Baseline --urls http://127.0.0.1:5000 --replies 812,430 [--inlineSockets true]
//   Omaha.Baseline --urls https://127.0.0.1:5000 --replies 812,430 --Kestrel:Certificates:Default:Path tls.crt --Kestrel:Certificates:Default:KeyPath tls.key
//
// POST /812 is answered with 812 bytes; GET /readyz tells that it runs.
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
// As long as anything of this category may be logged, ASP.NET creates an Activity for every request.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
builder.WebHost.UseKestrelHttpsConfiguration();
var inline = string.Equals(builder.Configuration["inlineSockets"], "true", StringComparison.OrdinalIgnoreCase);
if (inline) builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);

var app = builder.Build();
StringValues contentType = "text/xml; charset=utf-8", cacheControl = "no-store";
foreach (var size in (builder.Configuration["replies"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
{
    var reply = Encoding.ASCII.GetBytes(new string('x', int.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture)));
    app.MapPost("/" + size, (RequestDelegate)(http => AnswerAsync(http, reply)));
}

app.MapGet("/readyz", static http => http.Response.WriteAsync("ready\n"));
app.Run();

Task AnswerAsync(HttpContext http, byte[] reply)
{
    var body = http.Request.BodyReader;
    if (body.TryRead(out var read))
    {
        body.AdvanceTo(read.Buffer.End);
        if (read.IsCompleted) return WriteAsync(http.Response, reply);
    }

    return AnswerOnceReadAsync(http, reply);
}

async Task AnswerOnceReadAsync(HttpContext http, byte[] reply)
{
    while (true)
    {
        var read = await http.Request.BodyReader.ReadAsync();
        http.Request.BodyReader.AdvanceTo(read.Buffer.End);
        if (!read.IsCompleted) continue;
        await WriteAsync(http.Response, reply);
        return;
    }
}

Task WriteAsync(HttpResponse response, byte[] reply)
{
    response.ContentLength = reply.Length;
    response.Headers.ContentType = contentType;
    response.Headers.CacheControl = cacheControl;
    var write = response.BodyWriter.WriteAsync(reply);
    return write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask();
}
