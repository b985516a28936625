"""Parameters of the world, and for each operation of Parameter Store a call that would succeed there."""

from functools import cached_property


class Parameters:
    """Each part is made when it is first asked for."""

    def _parameter(self, name):
        self.account.ssm.put_parameter(Name=name, Value="1", Type="String")
        return name

    parameter = cached_property(lambda self: self._parameter("/gcnet/world"))
    free_parameter = cached_property(lambda self: self._parameter("/gcnet/free"))


SAMPLES = {
    "PutParameter": lambda w: {"Name": w.parameter, "Value": "2", "Overwrite": True},
    "GetParameter": lambda w: {"Name": w.parameter},
    "DeleteParameter": lambda w: {"Name": w.free_parameter},
}
