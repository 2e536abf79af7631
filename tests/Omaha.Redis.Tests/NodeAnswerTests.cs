using System.Net;

namespace Omaha.Redis.Tests;

public sealed class NodeAnswerTests
{
    private static readonly IPEndPoint Asked = new(IPAddress.Parse("10.0.0.1"), 6379);

    [Theory]
    [InlineData("MOVED 3630 10.0.0.7:6380", "10.0.0.7:6380")]
    [InlineData("MOVED 3630 ::1:6380", "[::1]:6380")]
    [InlineData("Key has MOVED to Endpoint 10.0.0.7:6380 and hashslot 3630 but CommandFlags.NoRedirect was specified", "10.0.0.7:6380")]
    [InlineData("MOVED 3630 :6380", "10.0.0.1:6380")]
    [InlineData("MOVED 3630 redis-7.example:6380", "Unspecified/redis-7.example:6380")]
    public void A_redirection_names_the_owner(string reply, string owner) => Assert.Equal(owner, NodeAnswer.OwnerOf(reply, Asked)?.ToString());

    [Theory]
    [InlineData("MOVED")]
    [InlineData("MOVED 3630")]
    [InlineData("MOVED 3630 10.0.0.7")]
    [InlineData("MOVED 3630 10.0.0.7:port")]
    [InlineData("MOVED 3630 10.0.0.7:70000")]
    [InlineData("CLUSTERDOWN The cluster is down")]
    [InlineData("")]
    public void Any_other_text_names_none(string reply) => Assert.Null(NodeAnswer.OwnerOf(reply, Asked));
}
