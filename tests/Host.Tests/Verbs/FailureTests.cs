using System.Net.Sockets;

namespace EdgeAutonomy.Host.Tests;

public class FailureTests
{
    public static TheoryData<Exception, ExitCode> Mapping => new()
    {
        { new EdgeException(ExitCode.Stalled, "x."), ExitCode.Stalled },
        { new FileNotFoundException("x", "a.raw"), ExitCode.InputMissing },
        { new DirectoryNotFoundException("x"), ExitCode.InputMissing },
        { new UnauthorizedAccessException("x"), ExitCode.InputMissing },
        { new InvalidDataException("x"), ExitCode.Io },
        { new EndOfStreamException("x"), ExitCode.Io },
        { new IOException("x"), ExitCode.Io },
        { new SocketException(98), ExitCode.Io },
        { new NotSupportedException("x"), ExitCode.Io },
        { new AggregateException(new IOException("x")), ExitCode.Io },
        { new InvalidOperationException("x"), ExitCode.Internal },
        { new ArithmeticException("x"), ExitCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Mapping))]
    public void From_Exception_HasOneCodeAndOneSentence(Exception exception, ExitCode code)
    {
        var failure = Failure.From(exception);
        Assert.Equal(code, failure.Code);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        // Only a defect of ours shows its trace, and says that it is one.
        Assert.Equal(code == ExitCode.Internal, failure.Detail is not null);
        Assert.Equal(code == ExitCode.Internal, failure.Message.StartsWith("Bug in EdgeAutonomy: ", StringComparison.Ordinal));
    }
}
