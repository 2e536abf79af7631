namespace Omaha.Redis.Tests;

public sealed class PageSizeTests
{
    [Fact]
    public void Pages_of_small_documents_grow_up_to_500()
    {
        var size = new PageSize();
        for (var i = 0; i < 5; i++) size.Took(size.Next, size.Next * 200);

        Assert.Equal(PageSize.Most, size.Next);
    }

    [Fact]
    public void Pages_of_large_documents_shrink_to_one()
    {
        var size = new PageSize();
        size.Took(size.Next, size.Next * 4L * 1024 * 1024);

        Assert.Equal(1, size.Next);
    }

    [Fact]
    public void Pages_grow_by_steps_so_that_one_small_page_makes_no_huge_one()
    {
        var size = new PageSize();
        size.Took(size.Next, size.Next * 1024 * 1024L);
        size.Took(1, 10);

        Assert.Equal(4, size.Next);
    }

    [Fact]
    public void Pages_without_a_document_are_no_trouble()
    {
        var size = new PageSize();
        size.Took(size.Next, 0);

        Assert.InRange(size.Next, 1, PageSize.Most);
    }
}
