team "a${b}" {}
